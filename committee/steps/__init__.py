"""What happens in the committee: one verb, one function, one transaction."""
