"""What entries of the log change in statements: what a statement says after one, less what it said before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from nzc_api.accounting.exact import total
from nzc_api.ids import PilotId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.statements.model import NetEmissions
from nzc_api.statements.reasons import Unknown, UnknownReason

# What may change a statement of any pilot: where pilots and projects lie, which periods there are, and what is ordered
# of whole batches. There are few of these, and their reach is as wide as the ground's.
OF_ANY = frozenset(
    {
        EntryKind.PILOT_REGISTERED,
        EntryKind.PILOT_AMENDED,
        EntryKind.PILOT_PLACED,
        EntryKind.PILOT_OVERLAP_RECORDED,
        EntryKind.PILOT_SITE_STATED,
        EntryKind.PILOT_SITE_RESOLVED,
        EntryKind.ACCOUNTING_PERIOD_REGISTERED,
        EntryKind.ACCOUNTING_PERIOD_WITHDRAWN,
        EntryKind.PROJECT_REGISTERED,
        EntryKind.PROJECT_AMENDED,
        EntryKind.PROJECT_SITE_RESOLVED,
        EntryKind.BATCH_INVALIDATED,
        EntryKind.BATCH_EXPORTED,
        EntryKind.DOUBLE_ISSUANCE_RESOLVED,
    }
)

# What may change one of the pilots that it is about: whose inventory it is, for whom credits were retired, and where
# they were produced.
OF_ONE = frozenset(
    {
        EntryKind.INVENTORY_SUBMITTED,
        EntryKind.INVENTORY_VERIFIED,
        EntryKind.CREDITS_ISSUED,
        EntryKind.CREDITS_RETIRED,
        EntryKind.CREDITS_USED,
        EntryKind.CREDITS_INVALIDATED,
        EntryKind.POSTING_CORRECTED,
    }
)


class Terms(NamedTuple):
    """The terms of the formula, t CO2e; None: not known. Of a difference: how much more, and negative, less."""

    gross: Decimal | None = None
    sinks: Decimal | None = None
    purchased: Decimal | None = None
    net: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """A pilot's statement of a period before and after something; None where there was none."""

    before: NetEmissions | None
    after: NetEmissions | None

    @property
    def terms(self) -> Terms:
        """By how much each term is more afterwards; None where it is not known on both sides."""
        pairs = zip(terms_of(self.before), terms_of(self.after), strict=True)
        return Terms(*(_less(after, before) for before, after in pairs))

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Why terms are not known before, and then why not afterwards; each once."""
        return tuple(dict.fromkeys((*_unknown(self.before), *_unknown(self.after))))


@dataclass(frozen=True, slots=True)
class StatementChange:
    """What an entry of the log changed in a pilot's statement."""

    position: Position
    pilot_id: PilotId
    difference: StatementDifference


class StatementChanges(NamedTuple):
    """What a stretch of the log changed in statements, in order, and the position up to which that is all."""

    changes: Sequence[StatementChange]
    scanned: int


def terms_of(statement: NetEmissions | None) -> Terms:
    """What the terms of a statement come to."""
    if statement is None:
        return Terms()
    purchased = Decimal(statement.purchased_tonnes)
    return Terms(
        gross=statement.gross_co2e,
        sinks=statement.usable_sinks_co2e,
        purchased=purchased,
        net=statement.net_co2e,
    )


def differ(before: NetEmissions | None, after: NetEmissions | None) -> bool:
    """Whether statements say something else of their period; what the pilot is called is not of it."""
    return _said(before) != _said(after)


def _said(statement: NetEmissions | None) -> object:
    return statement and (
        statement.key.period_id,
        statement.inventories,
        statement.totals,
        statement.retired,
        statement.withdrawn,
        statement.retired_inside,
        statement.issued_inside,
        statement.coverage,
        statement.unknown,
        statement.notes,
        statement.assurance,
    )


def _unknown(statement: NetEmissions | None) -> Sequence[Unknown]:
    return (Unknown(UnknownReason.NO_PERIOD),) if statement is None else statement.unknown


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else total((one, -other))
