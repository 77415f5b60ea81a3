"""The schemes that pilots are evaluated by. Data, read once from its file.

What could not be confirmed from an official text says so (``confirmed``). A scheme is never edited in place: every
evaluation names the one that it was made by.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from nzc_api.guide.terms import PilotKind
from nzc_api.refusal import LocalizedText

DATA = Path(__file__).parent / "data" / "schemes.json"


class SchemeItemKind(StrEnum):
    """What an item is to the result."""

    SCORE = "SCORE"
    VETO = "VETO"
    CHECK = "CHECK"


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """Something that each expert of a panel gives points for (SCORE: 0 to 100, of which ``weight`` counts) or finds
    met or not (VETO: not met, nothing passes; CHECK: shown, and no more)."""

    code: str
    kind: SchemeItemKind
    weight: Decimal | None
    text: LocalizedText
    evidence: LocalizedText


@dataclass(frozen=True, slots=True)
class Band:
    """What scores from ``start`` on are called, up to the next band, and whether they pass."""

    code: str
    start: Decimal
    passes: bool
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme: for which kinds of pilot (None: all), after how many calendar months of stable running, with which
    items and bands; how many more times it may be tried after a failure (None: as often as one likes), and in how
    many months what failed is to be improved (None: not said)."""

    code: str
    name: LocalizedText
    citation: LocalizedText
    confirmed: bool
    kinds: frozenset[PilotKind] | None
    stable_months: int
    retries: int | None
    improvement_months: int | None
    items: tuple[SchemeItem, ...]
    bands: tuple[Band, ...]

    @property
    def is_scored(self) -> bool:
        """Whether it has a score."""
        return any(item.kind is SchemeItemKind.SCORE for item in self.items)

    @property
    def pass_mark(self) -> Decimal | None:
        """The least score that passes; None where nothing is scored."""
        return min((band.start for band in self.bands if band.passes), default=None)

    def item(self, code: str) -> SchemeItem | None:
        return next((item for item in self.items if item.code == code), None)

    def band(self, score: Decimal) -> Band | None:
        """What a score is called: the highest band that it reaches."""
        reached = (band for band in self.bands if band.start <= score)
        return max(reached, key=lambda band: band.start, default=None)


def _text(data: Mapping[str, str]) -> LocalizedText:
    return LocalizedText(zh=data["zh"], en=data["en"])


def _item(data: Mapping[str, Any]) -> SchemeItem:
    weight = None if data["weight"] is None else Decimal(data["weight"])
    kind = SchemeItemKind(data["kind"])
    return SchemeItem(
        code=data["code"],
        kind=kind,
        weight=weight,
        text=_text(data["text"]),
        evidence=_text(data["evidence"]),
    )


def _band(data: Mapping[str, Any]) -> Band:
    return Band(
        code=data["code"],
        start=Decimal(data["from"]),
        passes=data["passes"],
        name=_text(data["name"]),
    )


def _scheme(data: Mapping[str, Any]) -> Scheme:
    return Scheme(
        code=data["code"],
        name=_text(data["name"]),
        citation=_text(data["citation"]),
        confirmed=data["confirmed"],
        kinds=None if data["kinds"] is None else frozenset(map(PilotKind, data["kinds"])),
        stable_months=data["stable_months"],
        retries=data["retries"],
        improvement_months=data["improvement_months"],
        items=tuple(map(_item, data["items"])),
        bands=tuple(map(_band, data["bands"])),
    )


SCHEMES: Mapping[str, Scheme] = {
    data["code"]: _scheme(data) for data in json.loads(DATA.read_text(encoding="utf-8"))["schemes"]
}
