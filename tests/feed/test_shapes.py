"""What is made once for a shape shows and writes what it says, as its JSON Schema has it; against a plain reading."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nzc_api.feed.payloads.kinds import PAYLOADS, SCHEMA_NAMES, SCHEMAS, SHOW, WRITE
from nzc_api.feed.payloads.shapes import (
    BIG,
    DAY,
    EXACT,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    TRUTH,
    WHOLE,
    Born,
    Fact,
    Facts,
    FactsRow,
    Id,
    Listed,
    OrNull,
    Plain,
    Repeated,
    Shape,
    camel,
)
from nzc_api.log.kinds import EntryKind

POSITIONS = st.integers(1, 2**62 - 1)
DECIMALS = st.decimals(-(10**12), 10**12, places=9).map("{:f}".format)
VALUES: Mapping[int, st.SearchStrategy[Any]] = {
    # JSON escapes some of it.
    id(TEXT): st.text(max_size=5)
    | st.text(st.sampled_from('\0\x1f\x7f"\\/\n\b\u2028é零𝒙'), max_size=3),
    id(TRUTH): st.booleans(),
    id(WHOLE): st.integers(-(2**31), 2**31),
    id(DAY): st.dates().map(str),
    id(MOMENT): st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    id(TEXTS): st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    id(BIG): st.integers(-(2**63), 2**63),
    id(EXACT): DECIMALS,
    id(NUMBER): DECIMALS,
}


def name_of(kind: str, position: int) -> str:
    return f"{kind}:{position}"


def values(shape: Shape) -> st.SearchStrategy[Any]:  # noqa: PLR0911  (one for each)
    """What is read of such a shape."""
    match shape:
        case Plain():
            # Else it is a word, which is read as what it is called.
            return (
                VALUES[id(shape)] if id(shape) in VALUES else st.sampled_from(shape.schema["enum"])
            )
        case Id():
            return POSITIONS
        case Born():
            return st.tuples(st.sampled_from(["Pilot", "Target"]), POSITIONS)
        case Listed(inner):
            return st.lists(values(inner), max_size=2)
        case OrNull(inner):
            return st.none() | values(inner)
        case Repeated(inner):
            return values(inner)
        case FactsRow(inner):
            return st.tuples(*map(facts, inner.facts.values()))
        case Facts(inner):
            return st.fixed_dictionaries({f.source or n: facts(f) for n, f in inner.items()})
    raise AssertionError(shape)


def facts(fact: Fact) -> st.SearchStrategy[Any]:
    return st.none() | values(fact.shape) if fact.optional else values(fact.shape)


def plainly(shape: Shape, value: Any) -> Any:  # noqa: PLR0911  (one for each)
    """How such a value is shown."""
    match shape:
        case Plain(convert=convert):
            return convert(value) if convert else value
        case Id(kind):
            return name_of(kind, value)
        case Born():
            return name_of(*value)
        case Listed(inner):
            return [plainly(inner, item) for item in value]
        case OrNull(inner):
            return None if value is None else plainly(inner, value)
        case Repeated(inner):
            return plainly(inner, value)
        case FactsRow(inner):
            return plainly(inner, dict(zip(inner.facts, value, strict=True)))
        case Facts(inner):
            told = {camel(name): (fact, value[fact.source or name]) for name, fact in inner.items()}
            return {
                name: None if stated is None else plainly(fact.shape, stated)
                for name, (fact, stated) in told.items()
            }
    raise AssertionError(shape)


@pytest.mark.parametrize("kind", PAYLOADS)
@settings(max_examples=10)
@given(data=st.data())
def test_facts_are_shown_and_written_as_their_shape_says(
    kind: EntryKind, data: st.DataObject
) -> None:
    """Of one event, and of many at once."""
    shape = PAYLOADS[kind]
    said = data.draw(st.lists(values(shape), max_size=3))
    expected = [plainly(shape, row) for row in said]
    for shown in expected:
        assert list(shown) == [*map(camel, shape.facts)]
        Draft202012Validator(SCHEMAS[SCHEMA_NAMES[kind]]).validate(shown)
    assert [SHOW[kind](row, name_of) for row in said] == expected
    texts = WRITE[kind](said, {}, name_of)
    assert [text.encode() for text in texts] == [*map(orjson.dumps, expected)]


def test_facts_may_be_beside_the_others() -> None:
    shape = Facts({"code": Fact(TEXT, "its code"), "project": Fact(BIG, "which", source="subject")})
    write = shape.writing_beside()
    assert write([{"code": "A"}, {"code": "B"}], {"subject": [1, 2]}, name_of) == [
        '{"code":"A","project":"1"}',
        '{"code":"B","project":"2"}',
    ]


def test_a_fact_that_is_not_there_is_not_told_as_unknown() -> None:
    shape = Facts({"code": Fact(TEXT, "its code"), "why": Fact(TEXT, "", optional=True)})
    show, write = shape.showing(), shape.writing()
    assert show({"code": "A", "other": 1}, name_of) == {"code": "A", "why": None}
    with pytest.raises(KeyError):
        show({"why": "B"}, name_of)
    assert write([{"code": "A", "other": 1}], name_of) == ['{"code":"A","why":null}']
    with pytest.raises(KeyError):
        write([{"why": "B"}], name_of)


def test_what_is_repeated_is_told_by_what_it_says() -> None:
    shape = Listed(Repeated(FactsRow(Facts({"of": Fact(Id("Pilot"), "which")}))))
    show, write = shape.showing(), shape.writing()
    assert show([(1,), (2,), (1,)], name_of) == [{"of": f"Pilot:{at}"} for at in (1, 2, 1)]
    assert show([(1,)], lambda kind, at: f"{kind} {at}") == [{"of": "Pilot 1"}]
    rows = [[(1,), (2,), (1,)], [], [(2,)]]
    assert write(rows, name_of) == [
        '[{"of":"Pilot:1"},{"of":"Pilot:2"},{"of":"Pilot:1"}]', "[]", '[{"of":"Pilot:2"}]',
    ]  # fmt: skip
    assert write([[(1,)]], lambda kind, at: f"{kind} {at}") == ['[{"of":"Pilot 1"}]']
