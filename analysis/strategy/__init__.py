"""A strategy map as it was played: the scorecard, what each tactic adds, the customer's journey, the page."""
