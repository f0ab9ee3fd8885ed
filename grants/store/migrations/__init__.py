"""Schema changes of the municipality's tables, oldest first."""
