"""What the committee keeps: tables and named queries."""
