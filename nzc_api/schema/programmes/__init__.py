"""Programmes that issue credits, and mechanisms."""
