"""Signed notes (c2sp.org/signed-note) with Ed25519, as checkpoints are written. Pure."""

import base64
import re
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# The type of a signature: Ed25519 over the note's text.
ED25519 = b"\x01"

KEY_BYTES = 32
_ID_BYTES = 4

_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_VERIFIER = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")

# So many signatures of a note are looked at.
MOST_SIGNATURES = 64


class Malformed(ValueError):
    """A text that is no note, or no verifier key."""


class Signer(NamedTuple):
    """Whoever signs under a name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> "Verifier":
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note of a text, which ends with its last line."""
        assert text.endswith("\n")
        assert _NAME.fullmatch(self.name)
        return f"{text}\n{self.verifier.line(self.key.sign(text.encode()))}"


class Verifier(NamedTuple):
    """What is known of whoever signs: the name, and the public key."""

    name: str
    key: bytes
    kind: bytes = ED25519

    @classmethod
    def read(cls, text: str, kind: bytes = ED25519) -> "Verifier":
        """A verifier key of a kind as it is written: `name+id+key`. Raises ``Malformed``."""
        found = _VERIFIER.fullmatch(text.strip())
        public = decoded(found["key"]) if found else b""
        if found is None or public[:1] != kind or len(public) != 1 + KEY_BYTES:
            raise Malformed(text)
        verifier = cls(found["name"], public[1:], kind)
        if verifier.id.hex() != found["id"]:
            raise Malformed(text)
        return verifier

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.key).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.kind + self.key).decode()}"

    def verifies(self, note: str) -> bool:
        """Whether the note is signed by it; a signature of others neither helps nor harms. Raises ``Malformed``."""
        text, _ = parts_of(note)
        own = self.signatures_in(note)
        return bool(own) and all(is_signed(self.key, one, text.encode()) for one in own)

    def signatures_in(self, note: str) -> list[bytes]:
        """What a note has under its name and the id of its key. Raises ``Malformed``."""
        _, signatures = parts_of(note)
        return [
            signed[_ID_BYTES:]
            for name, signed in signatures
            if (name, signed[:_ID_BYTES]) == (self.name, self.id)
        ]

    def line(self, signature: bytes) -> str:
        """The line of a note that has what it signed."""
        return f"— {self.name} {base64.b64encode(self.id + signature).decode()}\n"


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 key signed a message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def parts_of(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and its signatures: a name, and the id of a key with what it signed. One without is read
    too: it ends with its text. Raises ``Malformed``."""
    if not note.endswith("\n"):
        raise Malformed(note)
    text, parted, lines = note.rpartition("\n\n")
    if not parted:
        return note, []
    signatures = [_SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    if not all(signatures) or len(signatures) > MOST_SIGNATURES:
        raise Malformed(note)
    return f"{text}\n", [(s["name"], decoded(s["signature"])) for s in signatures if s is not None]


def decoded(encoded: str) -> bytes:
    """What base64 stands for, where it is written in the one way. Raises ``Malformed``."""
    try:
        found = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Malformed(encoded) from error
    if base64.b64encode(found).decode() != encoded:
        raise Malformed(encoded)
    return found
