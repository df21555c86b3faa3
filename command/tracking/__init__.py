"""What stands behind `territory track`: the plan's years played again, this year held against them, what would help."""
