"""Territory design as a task of its own: units, rules that a planner states, what is proven about the answer."""
