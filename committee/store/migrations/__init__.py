"""Schema changes of the committee's tables, oldest first."""
