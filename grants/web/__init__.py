"""Glue between the pages and the web framework: five files that know no step."""
