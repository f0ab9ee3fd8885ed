"""The municipality's side: money, applicants, decisions."""
