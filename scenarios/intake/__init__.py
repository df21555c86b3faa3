"""A business's own data: any CRM's export, read, cleaned and put into one form."""
