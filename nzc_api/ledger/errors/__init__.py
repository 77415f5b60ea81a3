"""What the ledger refuses."""
