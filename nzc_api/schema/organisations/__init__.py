"""Organisations and their keys."""
