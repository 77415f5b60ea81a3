"""What a verb of the ledger consists of: what is decided of it, and on what, is said in its file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from nzc_api.ids import Position
from nzc_api.ledger.model import AccountKind
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import Decision, Posting
from nzc_api.ledger.posting.state import State
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True)
class Correction:
    """How a posting is taken back, whole: its serials go to where they came from, if nothing happened to them since.

    They go ``back_to`` accounts of some kinds only. An issuance ``withdraws`` its batch, while whoever it was issued to
    holds all of it, for nothing rests on it then, whatever was corrected meanwhile. An order about a whole batch moved
    nothing, and is the ``fact`` that it set.
    """

    back_to: Collection[AccountKind] = tuple(AccountKind)
    withdraws: bool = False
    fact: str | None = None


def well_formed(_command: object) -> Refusal | None:
    """Nothing is wrong with it, whatever the state of the world."""
    return None


def one_person(_command: object) -> bool:
    """One person may order any number of tonnes."""
    return False


def in_programme(command: C, programme: str) -> C:
    """The command, of a programme."""
    return replace(command, programme=programme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(Generic[C]):
    """One thing that the ledger can be told to do, by one kind of command.

    ``name`` is a part of what idempotency keys are kept with: it never changes. ``malformed`` says what is wrong with a
    command whatever the state of the world, ``needs`` what else it is decided on; ``decide`` what a well-formed
    command does to the state, if it is accepted at a position, or why it does nothing. ``kinds`` are what the log can
    say of it, each with how such a posting is corrected (None: it is not). ``takes_two`` says whether many tonnes take
    two persons. ``proposed`` names what a decided order is about, for a proposal (None: it cannot be proposed).
    ``is_order`` says whether it is shown as an entry by order, or that mends or ends something (`LedgerPosting`), and
    ``on_batch`` whether that is about a whole batch.
    """

    name: str
    command: type[C]
    needs: Callable[[C], Needs]
    decide: Callable[[State, C, Position], Decision]
    kinds: Mapping[EntryKind, Correction | None]
    malformed: Callable[[C], Refusal | None] = well_formed
    takes_two: Callable[[C], bool] = one_person
    proposed: Callable[[C, Posting], Mapping[str, Any]] | None = None
    in_programme: Callable[[C, str], C] = in_programme
    is_order: bool = False
    on_batch: bool = False
