"""A witness of tests (c2sp.org/tlog-witness), written from the specification: it shares no code with what reads
cosignatures."""

import base64
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.proofs.tree import EMPTY_ROOT, consistent
from tests.webhooks.receiving import Got, answer

TIME = 1_795_000_000


def key_of(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def verifier_of(name: str, key: Ed25519PrivateKey, kind: bytes = b"\x04") -> str:
    """Its verifier key, as it is written."""
    public = kind + key.public_key().public_bytes_raw()
    key_id = sha256(name.encode() + b"\n" + public).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(public).decode()}"


def cosigned_line(name: str, key: Ed25519PrivateKey, text: str, time: int = TIME) -> str:
    """The line that cosigns a checkpoint's text at a time."""
    key_id = bytes.fromhex(verifier_of(name, key).split("+")[1])
    signature = key.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    return f"— {name} {base64.b64encode(key_id + time.to_bytes(8) + signature).decode()}\n"


@dataclass
class Cosigner:
    """A witness of one log, which keeps the largest tree that it saw, and cosigns what follows from that."""

    name: str = "w.example/1"
    seed: int = 7
    size: int = 0
    root: bytes = EMPTY_ROOT
    asked: list[int] = field(default_factory=list)

    @property
    def key(self) -> Ed25519PrivateKey:
        return key_of(self.seed)

    @property
    def verifier(self) -> str:
        return verifier_of(self.name, self.key)

    async def answer(self, got: Got) -> bytes:
        return self.answered(got.body.decode())

    def answered(self, body: str) -> bytes:
        """What it answers to a body."""
        head, _, note = body.partition("\n\n")
        old, *path = head.split("\n")
        text = note.partition("\n\n")[0] + "\n"
        _, size, root = text.splitlines()
        self.asked.append(int(old.removeprefix("old ")))
        if self.asked[-1] != self.size:
            return answer(409, "Content-Type: text/x.tlog.size", body=f"{self.size}\n".encode())
        proof = [base64.b64decode(step) for step in path]
        new = (int(size), base64.b64decode(root))
        if not consistent(self.size, new[0], self.root, new[1], proof):
            return answer(422)
        self.size, self.root = new
        return answer(200, body=cosigned_line(self.name, self.key, text).encode())
