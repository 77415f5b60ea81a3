"""Measures: what a pilot plans to do, what it costs, what it saves, and what was verified of that."""
