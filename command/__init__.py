"""What `territory` understands, and what it does then."""

import scenarios  # noqa: F401  # before numpy: it says how that is to add and multiply
