"""How fast the years are played: `make bench`."""

import scenarios  # noqa: F401  # before numpy: it says how many threads linear algebra has
