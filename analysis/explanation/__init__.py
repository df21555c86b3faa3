"""The explanation of a played plan: who moves and why, what it brings and costs, and a page for each rep."""
