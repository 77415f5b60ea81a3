"""Statements of net emissions."""
