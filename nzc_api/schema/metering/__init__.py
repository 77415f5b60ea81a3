"""Meters, their readings and bills, and lines that are drafted from them."""
