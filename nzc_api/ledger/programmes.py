"""The programmes that issue credits, and the dated rules of each kind of registration. Data.

What could not be confirmed from an official text says so (``confirmed``); a programme's rule is
named by every batch issued under it, so an old decision replays under its own rule.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from nzc_api.refusal import LocalizedText

DATA = Path(__file__).parent / "data" / "programmes.json"


class Mechanism(StrEnum):
    """The guide's three mechanisms (section 四（二）8): forestry first, else the programme."""

    CCER = "CCER"
    FORESTRY = "FORESTRY"
    PHCER = "PHCER"


@dataclass(frozen=True, slots=True)
class ProgrammeRule:
    """What a programme demands of one kind of registration, from when, by which text.

    ``enrolled_from``/``enrolled_until``: when projects could be registered under it.
    ``produced_after``: reductions count only if produced after that day.
    ``applied_within_years``: how long after production their registration may be applied for.
    """

    code: str
    name: LocalizedText
    citation: LocalizedText
    enrolled_from: date
    enrolled_until: date | None
    produced_after: date | None
    applied_within_years: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ProgrammeUsage:
    """How long before an accounting period reductions may have been produced without a warning, for periods
    that end from ``applies_from`` on, and who says so. ``confirmed``: by the programme's own text."""

    applies_from: date
    most_years_before: int
    source: LocalizedText
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme that issues credits: its registry, its mechanism, its rules; and what is warned of where
    its credits are used, the latest first."""

    code: str
    name: LocalizedText
    registry: str
    registry_name: LocalizedText
    mechanism: Mechanism
    rules: tuple[ProgrammeRule, ...]
    usages: tuple[ProgrammeUsage, ...]

    def usage_of(self, day: date) -> ProgrammeUsage | None:
        """What holds of accounting periods that end on a day."""
        return next((usage for usage in self.usages if usage.applies_from <= day), None)

    def rule(self, code: str) -> ProgrammeRule | None:
        return next((rule for rule in self.rules if rule.code == code), None)


def mechanism_of(programme: Programme, *, forestry: bool) -> Mechanism:
    """The one mechanism that a credit is counted under."""
    return Mechanism.FORESTRY if forestry else programme.mechanism


def _day(data: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(data[name]) if name in data else None


def _rule(data: Mapping[str, Any]) -> ProgrammeRule:
    return ProgrammeRule(
        code=data["code"],
        name=LocalizedText(**data["name"]),
        citation=LocalizedText(**data["citation"]),
        enrolled_from=date.fromisoformat(data["enrolled_from"]),
        enrolled_until=_day(data, "enrolled_until"),
        produced_after=_day(data, "produced_after"),
        applied_within_years=data.get("applied_within_years"),
        confirmed=data["confirmed"],
    )


def _usage(data: Mapping[str, Any]) -> ProgrammeUsage:
    return ProgrammeUsage(
        applies_from=date.fromisoformat(data["applies_from"]),
        most_years_before=data["most_years_before"],
        source=LocalizedText(**data["source"]),
        confirmed=data["confirmed"],
    )


def _load() -> dict[str, Programme]:
    return {
        data["code"]: Programme(
            code=data["code"],
            name=LocalizedText(**data["name"]),
            registry=data["registry"],
            registry_name=LocalizedText(**data["registry_name"]),
            mechanism=Mechanism(data["mechanism"]),
            rules=tuple(map(_rule, data["rules"])),
            usages=tuple(map(_usage, data["usages"])),
        )
        for data in json.loads(DATA.read_text("utf-8"))
    }


PROGRAMMES: Mapping[str, Programme] = _load()
