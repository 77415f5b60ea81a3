"""Proofs of the log: its Merkle tree, signed checkpoints, and what follows from both for who trusts nobody."""
