"""Comparing the ledger with what a registry's file says."""
