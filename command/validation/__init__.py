"""Does the simulation behave like real sales forces? Published patterns, played and held against their bands."""
