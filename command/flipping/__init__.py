"""What would flip a comparison: which inputs are not known, how a year is played with one of them otherwise, the search."""
