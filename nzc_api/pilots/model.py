"""The pilots room's things and commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import OrganisationId, PeriodId, PilotId, Position
from nzc_api.later import LATER
from nzc_api.pilots.sites import Site
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from ``starts_on`` to ``ends_on``, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_full_year(self) -> bool:
        """Whether the span is exactly a year, from any day to the eve of its anniversary."""
        after = self.ends_on + timedelta(days=1)
        return (after.year, after.month, after.day) == (
            self.starts_on.year + 1, self.starts_on.month, self.starts_on.day,
        )  # fmt: skip

    def is_calendar_year(self, year: int) -> bool:
        first, last = self.starts_on, self.ends_on
        return (first.year, first.month, first.day) == (year, 1, 1) and (
            last.year,
            last.month,
            last.day,
        ) == (year, 12, 31)

    def overlaps(self, other: "DateSpan") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def contains(self, other: "DateSpan") -> bool:
        return self.starts_on <= other.starts_on and other.ends_on <= self.ends_on


class Visibility(StrEnum):
    """Who sees something of a pilot: anybody, or only its operator and the roles that see of every pilot
    what was submitted."""

    PUBLIC = "PUBLIC"
    ROLES = "ROLES"


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """What can be amended of a pilot.

    ``closed_on`` is its last day of operation. Its statements and verified inventories are seen as
    ``statement_visibility`` says; the lines of these as ``line_visibility`` says, and only where they
    themselves are.
    """

    name: LocalizedText
    applicant_name: LocalizedText
    operation_starts_on: date | None
    closed_on: date | None
    statement_visibility: Visibility
    line_visibility: Visibility


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot (试点) with its facts. ``operator_id`` is the organisation that may write it."""

    id: PilotId
    code: str
    variant: PilotVariant
    name: LocalizedText
    applicant_kind: ApplicantKind
    applicant_name: LocalizedText
    division_code: str
    establishment: Establishment
    operation_starts_on: date | None
    operator_id: OrganisationId
    closed_on: date | None = None
    statement_visibility: Visibility = Visibility.PUBLIC
    line_visibility: Visibility = Visibility.ROLES

    @property
    def facts(self) -> PilotFacts:
        return PilotFacts(**{name: getattr(self, name) for name in FACTS})

    def in_operation(self, span: DateSpan) -> DateSpan | None:
        """The days of a span on which it is in operation, as far as that is known; None: none of them."""
        first = max(self.operation_starts_on or span.starts_on, span.starts_on)
        last = min(self.closed_on or span.ends_on, span.ends_on)
        return DateSpan(first, last) if first <= last else None

    def amended(self, facts: PilotFacts) -> "Pilot":
        """The pilot with other facts."""
        return replace(self, **{name: getattr(facts, name) for name in FACTS})


# The names of a pilot's facts, and of those that are days, which there may be none of.
FACTS = tuple(field.name for field in fields(PilotFacts))
DAYS = frozenset({"operation_starts_on", "closed_on"})


@dataclass(frozen=True, slots=True)
class PilotThen:
    """A pilot as it is now, and as it stood at a position."""

    now: Pilot
    then: Pilot


@dataclass(frozen=True, slots=True)
class PilotAmendment:
    """A change of a pilot's facts; ``id`` is its position."""

    id: Position
    pilot_id: PilotId
    before: PilotFacts
    after: PilotFacts

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the facts that it changed."""
        return tuple(n for n in FACTS if getattr(self.before, n) != getattr(self.after, n))


@dataclass(frozen=True, slots=True)
class AccountingPeriod:
    """A span of days that a pilot accounts for; those of one pilot never overlap, but for withdrawn ones."""

    id: PeriodId
    pilot_id: PilotId
    span: DateSpan
    withdrawn_position: Position | None = None

    def stands(self, as_of: Position | None = None) -> bool:
        """Whether the pilot has it, now or as of a position."""
        if as_of is None:
            return self.withdrawn_position is None
        return self.id <= as_of < (self.withdrawn_position or as_of + 1)


class PilotWithPeriods(NamedTuple):
    """A pilot, and all its periods, those that were withdrawn too, in the order of their days."""

    pilot: Pilot
    periods: list[AccountingPeriod]


class Candidate(Protocol):
    """What can become a pilot: what the guide says something of, whoever chooses it."""

    @property
    def variant(self) -> PilotVariant: ...
    @property
    def name(self) -> LocalizedText: ...
    @property
    def applicant_kind(self) -> ApplicantKind: ...
    @property
    def applicant_name(self) -> LocalizedText: ...
    @property
    def division_code(self) -> str: ...
    @property
    def establishment(self) -> Establishment: ...
    @property
    def operation_starts_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class RegisterPilot:
    code: str
    variant: PilotVariant
    name: LocalizedText
    applicant_kind: ApplicantKind
    applicant_name: LocalizedText
    division_code: str
    establishment: Establishment
    operation_starts_on: date | None
    operator_id: OrganisationId
    surrounding_id: PilotId | None
    periods: tuple[DateSpan, ...]
    statement_visibility: Visibility = Visibility.PUBLIC
    line_visibility: Visibility = Visibility.ROLES
    site: Site | None = None

    @property
    def content(self) -> dict[str, object]:
        """What makes two of them the same request: as before there were settings and sites, where they are
        the usual ones."""
        usual = {
            "statement_visibility": Visibility.PUBLIC, "line_visibility": Visibility.ROLES, "site": None,
        }  # fmt: skip
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {n: value for n, value in given.items() if n not in usual or usual[n] is not value}


@dataclass(frozen=True, slots=True)
class AmendPilot:
    """Change facts of a pilot: those named in ``changes``, to these values; and what is stated of its site,
    in the same way."""

    pilot_id: PilotId
    changes: Mapping[str, Any]
    site: Mapping[str, Any] | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class PlacePilot:
    """Say which pilot surrounds a pilot; None: it is surrounded by none."""

    pilot_id: PilotId
    surrounding_id: PilotId | None


@dataclass(frozen=True, slots=True)
class RecordOverlap:
    """Say that two pilots share ground, and neither lies in the other."""

    pilot_id: PilotId
    other_id: PilotId


@dataclass(frozen=True, slots=True)
class RegisterAccountingPeriod:
    pilot_id: PilotId
    span: DateSpan


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on an accounting period, of one kind: the first of them, and how many there are."""

    ids: tuple[int, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class PilotFilter:
    """What a list of pilots is narrowed to."""

    variants: frozenset[PilotVariant] | None = None
    division_codes: frozenset[str] | None = None
    text: str | None = None
    operator_id: OrganisationId | None = None
    surrounding_id: PilotId | None = None


class PilotOrderField(StrEnum):
    """What pilots are ordered by."""

    CODE = "CODE"
    REGISTERED = "REGISTERED"
    NAME_ZH = "NAME_ZH"
    NAME_EN = "NAME_EN"


@dataclass(frozen=True, slots=True)
class PilotsThere:
    """How many pilots there are of a variant in a city."""

    variant: PilotVariant
    division_code: str
    count: int
