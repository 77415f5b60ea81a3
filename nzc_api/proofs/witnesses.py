"""How a witness is asked for its cosignature (c2sp.org/tlog-witness, `add-checkpoint`), and what its answer says.
Pure."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nzc_api.outbound.posting import Reply, WhyUnanswered
from nzc_api.proofs.cosignatures import (
    Cosignature,
    NotCosigned,
    WhyNotCosigned,
    cosignature_in,
    read_witness,
)
from nzc_api.proofs.notes import Malformed, Verifier, parts_of

# A reader of notes need not read more than 16 signatures (c2sp.org/signed-note): these, and the log's own.
MOST_WITNESSES = 15

LONGEST_URL = 1_000

_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/\[\]%]+")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")


class WhyNone(StrEnum):
    """Why a witness gave no cosignature that counts."""

    # It gave no answer.
    TIMED_OUT = WhyUnanswered.TIMED_OUT
    UNREACHED = WhyUnanswered.UNREACHED
    ADDRESS_REFUSED = WhyUnanswered.ADDRESS_REFUSED
    BROKEN = WhyUnanswered.BROKEN
    # It answered without one, with another one, or with one of no time.
    ABSENT = WhyNotCosigned.ABSENT
    WRONG = WhyNotCosigned.WRONG
    NO_TIME = WhyNotCosigned.NO_TIME
    # It does not follow this log, or not by this key.
    LOG_UNKNOWN = "LOG_UNKNOWN"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    # It saw more of this log than there is: entries were lost, or the database is an older copy.
    SAW_MORE = "SAW_MORE"
    # What it saw of this log is not the beginning of it: the log was changed.
    CONTRADICTED = "CONTRADICTED"
    # It said anything else.
    REJECTED = "REJECTED"


# What else than a cosignature (200), or what it saw last (409), a witness answers.
REFUSALS = {403: WhyNone.KEY_UNKNOWN, 404: WhyNone.LOG_UNKNOWN, 422: WhyNone.CONTRADICTED}

# Of these the log is to blame, or somebody who changed it.
GRAVE = frozenset({WhyNone.SAW_MORE, WhyNone.CONTRADICTED})


@dataclass(frozen=True, slots=True)
class NoCosignature:
    """What came of asking a witness, if not a cosignature; with the status of its answer."""

    why: WhyNone
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Saw:
    """How large a tree of this log a witness saw last."""

    size: int


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that is asked: its verifier key, and where."""

    verifier: Verifier
    url: str

    @classmethod
    def read(cls, text: str) -> "Witness":
        """A witness as settings have it: its verifier key, a space, and the URL before `/add-checkpoint`. Raises
        ``Malformed``."""
        key, _, url = text.partition(" ")
        if not _URL.fullmatch(url) or len(url) > LONGEST_URL:
            raise Malformed(text)
        return cls(read_witness(key), url.rstrip("/"))

    @property
    def address(self) -> str:
        return f"{self.url}/add-checkpoint"


def question(old: int, path: Sequence[bytes], note: str) -> bytes:
    """What a witness is asked, which saw the first ``old`` entries: a checkpoint, and the proof that these are the
    beginning of its tree."""
    proof = "".join(f"{base64.b64encode(step).decode()}\n" for step in path)
    return f"old {old}\n{proof}\n{note}".encode()


def answer_of(reply: Reply, note: str, witness: Verifier) -> Cosignature | Saw | NoCosignature:
    """What a witness said of a checkpoint."""
    match reply.status:
        case 200:
            return _cosignature(reply, note, witness)
        case 409:
            return _saw(reply)
    return NoCosignature(REFUSALS.get(reply.status, WhyNone.REJECTED), reply.status)


def _cosignature(reply: Reply, note: str, witness: Verifier) -> Cosignature | NoCosignature:
    try:
        answered = note + reply.body.decode()
        # Of what begins another text it would be, not of the checkpoint.
        if parts_of(answered)[0] != parts_of(note)[0]:
            return NoCosignature(WhyNone.REJECTED, reply.status)
        return cosignature_in(answered, witness)
    except NotCosigned as none:
        return NoCosignature(WhyNone(none.why), reply.status)
    except (Malformed, UnicodeDecodeError):
        return NoCosignature(WhyNone.REJECTED, reply.status)


def _saw(reply: Reply) -> Saw | NoCosignature:
    found = _SIZE.fullmatch(reply.body.decode("ascii", "replace"))
    return NoCosignature(WhyNone.REJECTED, reply.status) if found is None else Saw(int(found[1]))
