"""The people of the simulation: reps who choose and make calls, customers who order, decide and leave.

Agents look into the columns of `sim.state.State`; what they decide is computed by the rules of `sim.rules`, and
written into the output columns of `sim.record`. Their steps stand in the order of `sim.week`.
"""

from sim.agents.customer import Customer, Opportunity
from sim.agents.rep import Rep

__all__ = ["Customer", "Opportunity", "Rep"]
