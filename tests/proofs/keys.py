"""A log's key for tests."""

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.proofs.model import origin_of
from nzc_api.proofs.notes import Signer
from nzc_api.services import Nzc
from tests.proofs.growing import grown

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class Committed(NamedTuple):
    size: int
    note: str
    verifier: str


async def with_key(nzc: Nzc) -> Committed:
    """What NZC with the key commits to, once all entries have their leaves."""
    size = await grown(nzc)
    latest = await nzc.services.proofs.latest()
    assert latest is not None
    head = await nzc.services.log.head()
    return Committed(size, latest.note, str(Signer(origin_of(head), KEY).verifier))
