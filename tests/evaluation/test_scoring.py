"""What scores come to, when an evaluation may be opened, and what disturbs it: as worked out by hand."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.evaluation.calendar import months_after
from nzc_api.evaluation.disturbing import MOST_NAMED, changed_by
from nzc_api.evaluation.errors import EvaluationsFull
from nzc_api.evaluation.model import EvaluatedRange, Evaluation, EvaluationState, Score
from nzc_api.evaluation.opening_rules import MOST_EVALUATIONS, check_tries
from nzc_api.evaluation.rules import MOST_FINDINGS, check_room
from nzc_api.evaluation.schemes import DATA, SCHEMES, Scheme, SchemeItem, SchemeItemKind
from nzc_api.evaluation.scoring import failed_vetoes, score_of
from nzc_api.ids import EvaluationId, PanelId, PilotId, Position
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.refusal import LocalizedText
from nzc_api.schema.evaluation.schemes import MOST_BANDS, MOST_ITEMS

HERE = Path(__file__).parent
TEXT = LocalizedText("指标", "An item")


def item(code: str, weight: str | None, kind: SchemeItemKind = SchemeItemKind.SCORE) -> SchemeItem:
    return SchemeItem(
        code=code,
        kind=kind,
        weight=None if weight is None else Decimal(weight),
        text=TEXT,
        evidence=TEXT,
    )


def scheme(*items: SchemeItem) -> Scheme:
    """Shenzhen's bands over other items."""
    return replace(SCHEMES["SZ_ROUTINE"], items=items)


def points(code: str, given: str) -> list[Score]:
    several = [Decimal(one) for one in given.split("、") if one]
    return [
        Score(id=0, panel_id=PanelId(1), expert=n, item=code, points=one, met=None, reason="好")
        for n, one in enumerate(several, 1)
    ]


def found(code: str, *met: bool) -> list[Score]:
    return [
        Score(id=0, panel_id=PanelId(1), expert=n, item=code, points=None, met=one, reason="好")
        for n, one in enumerate(met, 1)
    ]


def rows() -> dict[str, list[str]]:
    lines = (HERE / "评分.md").read_text("utf-8").splitlines()
    cells = [
        [c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("| ")
    ]
    return {row[0]: row[1:] for row in cells[1:]}


@pytest.mark.parametrize("what", rows())
def test_scores_by_hand(what: str) -> None:
    weights, first, second, expected, band = rows()[what]
    made = scheme(
        *(item(code, weight) for code, weight in zip("AB", weights.split("、"), strict=True))
    )
    score = score_of(made, [*points("A", first), *points("B", second)])
    assert score == (None if expected == "无" else Decimal(expected))
    name = None if score is None else made.band(score)
    assert (name.name.zh if name else "无") == band


def test_a_scheme_without_scores_has_none() -> None:
    assert score_of(SCHEMES["GD_TRIAL"], []) is None
    assert SCHEMES["GD_TRIAL"].pass_mark is None


def test_most_of_a_panel_finds_a_veto_met() -> None:
    made = scheme(item("V", None, SchemeItemKind.VETO), item("C", None, SchemeItemKind.CHECK))
    for met, failed in (
        ((True, True, True, False, False), ()),
        ((True, True, False, False, False), ("V",)),
    ):
        assert failed_vetoes(made, [*found("V", *met), *found("C", False)]) == failed
    assert failed_vetoes(made, []) == ("V",), "what nobody found is not met"


@pytest.mark.parametrize(("day", "months", "after"), [
    ("2023-08-31", 3, "2023-11-30"), ("2023-11-30", 3, "2024-02-29"), ("2022-11-30", 3, "2023-02-28"),
    ("2023-10-01", 3, "2024-01-01"), ("2024-02-29", 12, "2025-02-28"), ("2023-12-15", 1, "2024-01-15"),
    ("2023-05-31", 0, "2023-05-31"),
])  # fmt: skip
def test_calendar_months(day: str, months: int, after: str) -> None:
    assert str(months_after(date.fromisoformat(day), months)) == after


def test_schemes_are_whole() -> None:
    """Weights come to 1, bands begin at 0, and what was not confirmed says so."""
    assert {listed.code: listed.confirmed for listed in SCHEMES.values()} == {
        "GD_TRIAL": True, "SZ_ROUTINE": False, "PARK_ZERO_CARBON": False,
    }  # fmt: skip
    for listed in SCHEMES.values():
        assert len(listed.items) <= MOST_ITEMS
        assert len(listed.bands) <= MOST_BANDS
        assert len({one.code for one in listed.items}) == len(listed.items)
        weights = [one.weight for one in listed.items if one.kind is SchemeItemKind.SCORE]
        assert sum(w for w in weights if w is not None) == (1 if listed.is_scored else 0)
        assert bool(listed.bands) is listed.is_scored
        assert not listed.bands or min(band.start for band in listed.bands) == 0


def test_schemes_are_not_edited_in_place() -> None:
    """An evaluation names its scheme: a changed one is another scheme, with a code of its own."""
    assert hashlib.sha256(DATA.read_bytes()).hexdigest()[:16] == "d185bb7e25a628c8"


def evaluation(number: int) -> Evaluation:
    span = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
    return Evaluation(
        id=EvaluationId(number),
        pilot_id=PilotId(1),
        scheme_code="GD_TRIAL",
        range=EvaluatedRange((PilotId(1),)),
        span=span,
        opened_on=date(2023, 11, 30),
    )


def test_there_is_room_for_so_many() -> None:
    pilot = cast(Pilot, SimpleNamespace(id=PilotId(1), code="P-1"))
    every = [evaluation(number) for number in range(MOST_EVALUATIONS)]
    assert check_tries(pilot, SCHEMES["GD_TRIAL"], every[1:]) is None
    refusal = check_tries(pilot, SCHEMES["GD_TRIAL"], every)
    assert isinstance(refusal, EvaluationsFull)
    assert every[0].state is EvaluationState.OPEN
    assert check_room(range(MOST_FINDINGS - 1), MOST_FINDINGS, "项", "findings") is None
    assert check_room(range(MOST_FINDINGS), MOST_FINDINGS, "项", "findings") is not None


@given(st.lists(st.integers(0, 3), min_size=1, max_size=400), st.data())
def test_what_changed_a_number_is_found(steps: list[int], data: st.DataObject) -> None:
    """Of numbers that only grow, as many as are named: exactly the positions that a walk finds."""
    numbers = [sum(steps[:n]) // 3 for n in range(len(steps) + 1)]
    first = data.draw(st.integers(0, len(steps)))
    asked: list[int] = []

    async def numbers_at(positions: Sequence[int]) -> Sequence[int]:
        asked.append(len(positions))
        return [numbers[position] for position in positions]

    walked = [p for p in range(first + 1, len(numbers)) if numbers[p] != numbers[p - 1]]
    assert (
        asyncio.run(changed_by(numbers_at, Position(first), Position(len(steps))))
        == walked[:MOST_NAMED]
    )
    # The ends, and then 16 pieces of 16: 400 entries take no more than four rounds.
    assert len(asked) <= 4


def test_a_million_entries_take_six_rounds() -> None:
    rounds: list[int] = []

    async def numbers_at(positions: Sequence[int]) -> Sequence[bool]:
        rounds.append(len(positions))
        return [position >= 654_321 for position in positions]

    assert asyncio.run(changed_by(numbers_at, Position(1), Position(1_000_000))) == [654_321]
    assert len(rounds) == 6
    assert max(rounds) <= 17


def test_what_was_changed_back_disturbs_nothing() -> None:
    async def numbers_at(positions: Sequence[int]) -> Sequence[bool]:
        return [100 <= position < 200 for position in positions]

    assert asyncio.run(changed_by(numbers_at, Position(1), Position(1_000))) == []
    assert asyncio.run(changed_by(numbers_at, Position(1), Position(150))) == [100]
    assert asyncio.run(changed_by(numbers_at, Position(7), Position(7))) == []
    assert asyncio.run(changed_by(numbers_at, Position(9), Position(8))) == []
