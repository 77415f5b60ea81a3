"""Meters, readings, bills."""
