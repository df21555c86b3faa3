"""How many people pay: what each further hire brings, and the page that says so."""
