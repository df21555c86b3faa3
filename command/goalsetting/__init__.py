"""What stands behind `territory goals`: years played under goals, what they say of each, and the page."""
