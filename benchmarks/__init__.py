"""How fast the years are played: `make bench`."""
