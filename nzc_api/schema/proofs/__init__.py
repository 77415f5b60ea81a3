"""Checkpoints of the log, and proofs of what it says."""
