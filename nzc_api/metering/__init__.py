"""Meters: what they measure, their readings and bills, and what was used between any two days."""
