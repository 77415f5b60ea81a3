"""Refusals: values with facts, messages in both languages, and JSON in between."""

import json
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Annotated, cast

import pytest

from nzc_api.guide.terms import ApplicantKind, Category, Establishment, Phase
from nzc_api.ledger.errors.retiring import SerialRangeSpansBatches
from nzc_api.pilots.errors import ApplicantNotEligible, PeriodNotOfPilot, SurroundingPilotCycle
from nzc_api.refusal import LocalizedText, Refusal, name_words


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


class Unnamed(StrEnum):
    CODE = "CODE"


name_words(Colour, {"RED": {"zh": "红", "en": "red"}, "BLUE": {"zh": "蓝", "en": "blue"}})


@dataclass(frozen=True, kw_only=True)
class Painted(Refusal):
    code = "TEST_PAINTED"
    zh = "“{name}”为{colour}，可为：{accepted}；{maybe}；{codes}"
    en = "{name} is {colour}; it may be: {accepted}; {maybe}; {codes}"

    name: str
    colour: Colour
    accepted: tuple[Colour, ...]
    maybe: Colour | None
    codes: tuple[str | int, ...]


PAINTED = Painted(
    path=("input", "colour"),
    name="RED",
    colour=Colour.BLUE,
    accepted=(Colour.RED, Colour.BLUE),
    maybe=None,
    codes=("BLUE", 3),
)

MESSAGE = LocalizedText(
    zh="“RED”为蓝（BLUE），可为：红（RED）、蓝（BLUE）；–；BLUE、3",
    en="RED is BLUE; it may be: RED, BLUE; –; BLUE, 3",
)


def called(member: StrEnum) -> Painted:
    return replace(PAINTED, colour=cast(Colour, member))


def test_members_are_called_by_their_names_and_lists_are_joined_as_the_language_does() -> None:
    """A plain string that looks like a member is what somebody typed, and stays as it is."""
    assert PAINTED.message == MESSAGE


@dataclass(frozen=True, kw_only=True)
class Listed(Refusal):
    code = "TEST_LISTED"
    zh = "可用：{units}"
    en = "accepted: {units}"

    units: tuple[Annotated[str, lambda text: LocalizedText(f"{text}个", f"{text} pcs")], ...]


def test_of_a_long_list_the_first_are_told_and_how_many_there_are() -> None:
    """The fact itself has them all."""
    eight, nine = Listed(units=tuple("12345678")), Listed(units=tuple("123456789"))
    told = "、".join(f"{n}个" for n in range(1, 9))
    assert eight.message.zh == f"可用：{told}"
    assert nine.message.zh == f"可用：{told}等9种"
    assert nine.message.en.endswith("8 pcs and 1 more")
    assert eight.message.en.endswith("7 pcs, 8 pcs")
    assert Refusal.thaw(json.loads(json.dumps(nine.freeze()))) == nine
    assert len(nine.units) == 9


def test_a_refusal_that_tells_how_many_more_there_are_is_not_cut_again() -> None:
    for kind, field in (
        (SurroundingPilotCycle, "chain"), (PeriodNotOfPilot, "periods"),
        (SerialRangeSpansBatches, "blocks"),
    ):  # fmt: skip
        facts = dict.fromkeys((f.name for f in fields(kind) if f.name != "path"), "")
        made = kind(**facts | {field: tuple(map(str, range(100, 120)))})  # type: ignore[arg-type]
        assert "119" in made.message.zh, kind
        assert "119" in made.message.en, kind


def test_a_replayed_refusal_says_the_same() -> None:
    frozen = json.loads(json.dumps(PAINTED.freeze()))
    assert frozen == {
        "code": "TEST_PAINTED",
        "path": ["input", "colour"],
        "name": "RED",
        "colour": "BLUE",
        "accepted": ["RED", "BLUE"],
        "maybe": None,
        "codes": ["BLUE", 3],
    }
    thawed = Refusal.thaw(frozen)
    assert thawed == PAINTED
    assert thawed.message == MESSAGE


def test_a_member_without_a_name_is_its_code() -> None:
    assert "为CODE，" in called(Unnamed.CODE).message.zh


def test_every_member_must_be_named() -> None:
    with pytest.raises(AssertionError):
        name_words(Unnamed, {})


def test_the_guides_words_are_named() -> None:
    refused = ApplicantNotEligible(
        applicant=ApplicantKind.RESIDENTS_COMMITTEE,
        kind_zh="近零碳建筑",
        kind_en="near-zero-carbon building",
        section="二（二）",
        accepted=(ApplicantKind.BUILDING_DEVELOPER, ApplicantKind.BUILDING_OPERATOR),
    )
    named = "建筑项目开发商（BUILDING_DEVELOPER）、建筑项目运营单位（BUILDING_OPERATOR）"
    assert refused.message.zh.endswith(named)
    assert "社区居民委员会（RESIDENTS_COMMITTEE）" in refused.message.zh
    assert Refusal.thaw(json.loads(json.dumps(refused.freeze()))).message == refused.message


@pytest.mark.parametrize(
    ("member", "name"),
    [
        (Category.ENERGY_CONSUMPTION, "能源消耗（ENERGY_CONSUMPTION）"),
        (Phase.OPERATION_MAINTENANCE, "运营维护（OPERATION_MAINTENANCE）"),
        (Establishment.EXISTING, "既有（EXISTING）"),
    ],
)
def test_a_word_of_the_guide(member: StrEnum, name: str) -> None:
    assert f"为{name}，" in called(member).message.zh
