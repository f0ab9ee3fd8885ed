"""What happens: one verb, one function, one transaction."""
