"""How fast the years are played: `make bench`."""

import scenarios  # noqa: F401  # before numpy: it says how that is to add and multiply
