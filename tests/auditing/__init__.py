"""Auditing: what was, and whether all of it holds together."""
