"""Messages show no Python, no inner names and nothing hidden, whatever their facts are."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from string import Formatter
from typing import Any

import pytest

import nzc_api
from nzc_api.refusal import Refusal
from tests.world import World

PYTHON = re.compile(r"None|True|False|\(\)|\[\]|<[A-Z]\w+\.|\{\w*\}|\\[xu]")
NUMBER = re.compile(r"\{(\w+_id|position)\}")

for _module in pkgutil.walk_packages(nzc_api.__path__, "nzc_api."):
    if _module.name.endswith(".errors") and ".migrations" not in _module.name:
        importlib.import_module(_module.name)


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for sub in kind.__subclasses__():
        if sub.__module__.startswith("nzc_api."):
            yield sub
        yield from refusals(sub)


KINDS = sorted(refusals(), key=lambda kind: kind.code)
ODD: tuple[Any, ...] = (None, True, False, (), ("a", None), (True,), -1, 1 << 62, "x\u202e\x00")


def test_all_refusals_are_here() -> None:
    assert len(KINDS) > 40


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_odd_facts_are_told_without_python(kind: type[Refusal]) -> None:
    names = [field.name for field in fields(kind) if field.name != "path"]
    for odd in ODD:
        made = kind(**dict.fromkeys(names, odd))
        kept = json.loads(json.dumps(made.freeze()))
        # What is no member of an enumeration cannot have been kept as one.
        for refusal in (made, *([Refusal.thaw(kept)] if odd in (None, ()) else [])):
            for text in (refusal.message.zh, refusal.message.en):
                assert not PYTHON.search(text), text
                assert "\u202e" not in text
                assert "\x00" not in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_number_of_ours_is_called_a_position(kind: type[Refusal]) -> None:
    """A position is what anybody can look up; the bare number is nobody's id."""
    for found in NUMBER.finditer(kind.zh):
        assert kind.zh[: found.start()].endswith("记录位置"), kind.zh
    for found in NUMBER.finditer(kind.en):
        assert kind.en[: found.start()].endswith("position "), kind.en


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_no_article_stands_before_what_may_begin_with_a_vowel(kind: type[Refusal]) -> None:
    enough = {"stated_en"}  # “density or concentration”, “heating value”
    for before, name, _, _ in Formatter().parse(kind.en):
        assert name in enough or not re.search(r"\b(a|an) “?$", before), kind.en


VALUES = {
    "null": None, "true": True, "a number": 7, "a list": [None, True], "an object": {"a": None},
    "a text": "x",
}  # fmt: skip
FIELDS = {
    "an input": "query ($v: ByIdOrCode!) { pilot(by: $v) { id } }",
    "an id": "query ($v: ID!) { node(id: $v) { id } }",
    "a whole number": "query ($v: Int!) { pilots(first: $v) { nodes { id } } }",
    "a big one": "query ($v: BigInt!) { events(after: $v) { position } }",
    "an enumeration": "query ($v: Role!) { organisations(role: $v) { nodes { id } } }",
    "a moment": "query ($v: DateTime!) { positionAt(at: $v) }",
    "a list": "query ($v: [ID!]!) { nodes(ids: $v) { id } }",
    "a text": "query ($v: String!) { emissionFactor(code: $v) { code } }",
    "a filter": "query ($v: PilotFilterInput!) { pilots(filter: $v) { nodes { id } } }",
}


@pytest.mark.parametrize("field", FIELDS)
async def test_variables_are_quoted_as_json(shared_world: World, field: str) -> None:
    for value in VALUES.values():
        answer = (await shared_world.anyone.post(FIELDS[field], v=value)).json()
        for error in answer.get("errors", ()):
            told = error["extensions"]["localizedMessage"]
            for text in (error["message"], told["zh"], told["en"]):
                assert not PYTHON.search(text.replace("[]", "")), text


LITERALS = (
    "{ node(id: null) { id } }",
    "{ events(after: 5) { position } }",
    "{ events(after: true) { position } }",
    "{ pilots(first: null) { nodes { id } } }",
    "{ nodes(ids: [null]) { id } }",
    "{ pilot(by: {code: null}) { id } }",
    "{ pilot(by: {code: true}) { id } }",
    "{ organisations(role: null, first: true) { nodes { id } } }",
)


@pytest.mark.parametrize("document", LITERALS)
async def test_literals_are_quoted_as_graphql(shared_world: World, document: str) -> None:
    answer = (await shared_world.anyone.post(document)).json()
    for error in answer["errors"]:
        told = error["extensions"]["localizedMessage"]
        for text in (error["message"], told["zh"], told["en"]):
            assert not PYTHON.search(text), text


async def test_the_base_case_of_a_big_number(shared_world: World) -> None:
    """Whoever sends a JSON number is told to write it as a string, with the number."""
    error = await shared_world.anyone.fail(FIELDS["a big one"], v=1000)
    assert error["extensions"]["localizedMessage"] == {
        "zh": '变量v无效：“1000”不是有效的BigInt：请写作"1000"',
        "en": '$v: BigInt cannot represent “1000”: write it as "1000"',
    }


async def test_kinds_are_named_without_an_article(shared_world: World) -> None:
    given = _registration(establishment="NEW")
    refused = await shared_world.operator.refused("registerPilot", **given)
    assert "“existing building” are EXISTING" in refused["message"]["en"]
    assert refused["path"] == ["input", "establishment"]


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (None, "“null”不能用于此处：既有试点须填写不晚于今天", "“null” cannot be used here"),
        ("1899-12-31", "1900-01-01至2100-12-31之间的日期", "a day from 1900-01-01 to 2100-12-31"),
        ("2101-01-01", "1900-01-01至2100-12-31之间的日期", "a day from 1900-01-01 to 2100-12-31"),
    ],
)
async def test_a_start_of_operation(shared_world: World, day: str | None, zh: str, en: str) -> None:
    given = _registration(operationStartsOn=day)
    refused = await shared_world.operator.refused("registerPilot", **given)
    assert zh in refused["message"]["zh"]
    assert en in refused["message"]["en"]


async def test_a_retirement_before_1990(shared_world: World) -> None:
    refused = await shared_world.registry.refused(
        "retireCredits",
        programme="CCER",
        quantity="1",
        holder=shared_world.holder.organisation,
        **await _beneficiary(shared_world),
        retiredOn="1989-12-31",
    )
    assert "1990-01-01至今天（" in refused["message"]["zh"]
    assert "a day from 1990-01-01 to today (" in refused["message"]["en"]


async def test_a_transfer_to_oneself_names_the_id_that_was_given(shared_world: World) -> None:
    holder = shared_world.holder.organisation
    refused = await shared_world.registry.refused(
        "transferCredits",
        programme="CCER",
        serials={"text": "GD-1 to 2"},
        **{"from": holder, "to": holder},
    )
    assert refused["path"] == ["input", "to"]
    assert f"“{holder}”" in refused["message"]["zh"]
    assert f"“{holder}”" in refused["message"]["en"]


async def test_a_serial_beyond_the_last_that_can_be(shared_world: World) -> None:
    error = await shared_world.anyone.fail(
        '{ serialBlock(text: "GD-4611686018427387904 to 4611686018427387904") { prefix } }'
    )
    assert "4611686018427387903" in error["message"]
    assert "末号不超过4611686018427387903" in error["extensions"]["localizedMessage"]["zh"]


def _registration(**given: Any) -> dict[str, Any]:
    return {
        "code": "P-TEXT",
        "variant": "BUILDING_EXISTING",
        "name": {"zh": "试点", "en": "Pilot"},
        "applicantKind": "BUILDING_OPERATOR",
        "applicantName": {"zh": "某单位", "en": "Some body"},
        "administrativeDivision": "440100",
        "establishment": "EXISTING",
        "operationStartsOn": "2015-01-01",
        "accountingPeriods": [],
    } | given


async def _beneficiary(world: World) -> dict[str, Any]:
    pilot = await world.pilot()
    return {"pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022]}
