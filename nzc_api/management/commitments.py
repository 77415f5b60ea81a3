"""Binding the log to a name that it does not have: a salted hash, which says nothing once the salt is gone. Pure."""

import hashlib

SALT_BYTES = 32


def commitment(salt: bytes, name: str) -> bytes:
    """SHA-256 of the salt and the name in UTF-8; the database computes the same."""
    return hashlib.sha256(salt + name.encode()).digest()
