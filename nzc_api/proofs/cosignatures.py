"""Cosignatures (c2sp.org/tlog-cosignature, Ed25519): a witness says that a checkpoint is of the largest tree of the log
that it saw until a time, and that all that it saw before are the beginning of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from nzc_api.proofs.notes import Verifier, is_signed, parts_of

# The type of a signature: Ed25519 over a checkpoint and a time.
COSIGNATURE = b"\x04"

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64

# The last second of the calendar: no clock of a witness says a later one.
LAST_SECOND = 253_402_300_799


class WhyNotCosigned(StrEnum):
    """Why a checkpoint does not count as cosigned by a witness."""

    # It has no cosignature under the name and key.
    ABSENT = "ABSENT"
    # The cosignature is of another checkpoint, or was changed.
    WRONG = "WRONG"
    # Its time is 0, by which a witness leaves open whether it saw a larger tree, or beyond the calendar.
    NO_TIME = "NO_TIME"


class NotCosigned(ValueError):
    """A witness did not cosign a checkpoint."""

    def __init__(self, why: WhyNotCosigned) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Cosignature:
    """What a witness signed of a checkpoint, at a ``time`` in seconds since 1970."""

    witness: Verifier
    time: int
    signature: bytes

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    @property
    def line(self) -> str:
        """As a line of the checkpoint's note."""
        return self.witness.line(self.time.to_bytes(_TIME_BYTES) + self.signature)

    def holds(self, text: str) -> bool:
        """Whether it is of the checkpoint with this text."""
        return is_signed(self.witness.key, self.signature, _message(text, self.time))


def read_witness(text: str) -> Verifier:
    """The verifier key of a witness as it is written. Raises ``Malformed``."""
    return Verifier.read(text, COSIGNATURE)


def cosignature_in(note: str, witness: Verifier) -> Cosignature:
    """What a witness signed of the checkpoint in a note, the latest of it. Raises ``NotCosigned`` where it did not, and
    where one of its signatures does not hold; and ``Malformed``."""
    text, _ = parts_of(note)
    found = [_read(witness, signed) for signed in witness.signatures_in(note)]
    if not found:
        raise NotCosigned(WhyNotCosigned.ABSENT)
    if not all(one.holds(text) for one in found):
        raise NotCosigned(WhyNotCosigned.WRONG)
    latest = max(found, key=lambda one: one.time)
    if not 0 < latest.time <= LAST_SECOND:
        raise NotCosigned(WhyNotCosigned.NO_TIME)
    return latest


def _read(witness: Verifier, signed: bytes) -> Cosignature:
    if len(signed) != _TIME_BYTES + _SIGNATURE_BYTES:
        raise NotCosigned(WhyNotCosigned.WRONG)
    return Cosignature(witness, int.from_bytes(signed[:_TIME_BYTES]), signed[_TIME_BYTES:])


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
