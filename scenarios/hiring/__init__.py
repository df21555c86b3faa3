"""Hiring: places that a plan may add to the team, who fills them when, and which accounts they get."""
