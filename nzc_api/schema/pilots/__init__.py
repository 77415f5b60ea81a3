"""Pilots and their accounting periods."""
