"""A strategy map: goals, the strategies to reach them, objectives with a measure each, tactics that serve them."""
