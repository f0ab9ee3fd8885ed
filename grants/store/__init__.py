"""What the municipality keeps: tables and named queries."""
