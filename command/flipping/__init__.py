"""What would flip a comparison: inputs that are not known, a year with one of them otherwise, the search."""
