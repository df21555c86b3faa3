"""A plan during its year: where each territory lies in the plan's fan, which one drifts, how likely goals still are."""
