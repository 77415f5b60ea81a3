"""The guide's terms."""
