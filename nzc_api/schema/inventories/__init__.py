"""Inventories, their lines, and what there is to know of them."""
