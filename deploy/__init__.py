"""The only place that knows everything, and that nothing imports: settings, database, service, commands."""
