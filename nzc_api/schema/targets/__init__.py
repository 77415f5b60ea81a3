"""Targets, and how periods stand beside them."""
