"""What the committee is asked and shown."""
