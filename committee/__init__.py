"""The committee of experts by experience: it judges, votes and counts."""
