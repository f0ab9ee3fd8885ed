"""What the municipality's side asks and shows."""
