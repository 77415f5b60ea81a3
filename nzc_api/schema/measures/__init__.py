"""Measures: what they cost, what they bring, what is left."""
