"""Which parameters decide the difference between two plans: screening, shares of variance, half and double."""
