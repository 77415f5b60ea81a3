"""What the ledger can be told to do: a verb a file, all pure. ``verb_table`` has them all."""
