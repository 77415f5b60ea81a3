"""Emission factors, their lists, reference values and warming potentials."""
