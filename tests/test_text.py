"""What counts as a name: a table of characters, and every place that takes one."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from nzc_api.text import name_problem
from tests.inputs import caller_of, right_inputs, strings_in, with_value
from tests.world import World

NAMES = {
    "Chinese": "广州市某低碳园区",
    "of the first extension": "㐂",
    "of a surname": "𠮷野家",
    "of 2022, Unicode 15.0": "\U00031350",
    "of 2023, Unicode 15.1": "\U0002ebf0",
    "of 2025, Unicode 17.0": "\U000323b0\U00033479",
    "Chinese and Latin": "PHCER碳普惠Co., Ltd.（广州）",
    "signs of units": "㎡、m³、℃、①、Ⅱ期、CO₂",
    "Greek signs": "5 μm、10 kΩ、ΔT",
    "a Greek word beside a Latin one": "α-pinene",
    "full width": "ＡＢＣ１２３",
    "an ideographic space": "甲\u3000乙",
    "Japanese": "トヨタ自動車ー",
    "Korean and Latin": "한국전력 KEPCO",
    "Bopomofo": "ㄅㄆㄇ國語",
    "pinyin": "Guǎngdōng ǖ",
    "Cyrillic, explained": "Газпром (Gazprom)",
    "Uyghur": "كارخانا",
    "Tibetan": "ཁང་པ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Yi": "ꆈꌠ",
    "a picture": "🏭",
    "what people type": "O’Neil & “Söhne” – 楼前绿地 / green space · 〔2024〕々〇",
}

# Each by itself, within a name and at its end.
REFUSED = {
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "right-to-left override": "\u202e",
    "right-to-left isolate": "\u2067",
    "pop directional isolate": "\u2069",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "a tag": "\U000e0041",
    "the last tag": "\U000e007f",
    "Hangul filler": "\u3164",
    "Hangul choseong filler": "\u115f",
    "Hangul jungseong filler": "\u1160",
    "halfwidth Hangul filler": "\uffa0",
    "Khmer inherent vowel": "\u17b4",
    "Mongolian vowel separator": "\u180e",
    "braille blank": "\u2800",
    "a null notehead": "\U0001d159",
    "a variation selector": "\ufe0f",
    "an ideographic variation selector": "\U000e0100",
    "an object replacement": "\ufffc",
    "a replacement": "\ufffd",
    "a line": "\n",
    "a tab": "\t",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "a next line": "\x85",
    "no-break space": "\u00a0",
    "thin space": "\u2009",
    "Ogham space": "\u1680",
    "delete": "\x7f",
    "private use": "\ue000",
    "a noncharacter": "\uffff",
    "unassigned": "\U0003fffd",
    "a letter for formulas": "\U0001d400",
}

FLAWED = {
    "nothing": "",
    "a space before": " 甲",
    "a space behind": "甲 ",
    "an ideographic space behind": "甲\u3000",
    "too much": "甲" * 201,
    "Latin with a Cyrillic letter": "Guаngdong",
    "Cyrillic with a Latin letter": "Гaзпром",
    "Latin with a Greek letter": "ΟAK",
    "Latin with an Armenian letter": "bօok",
    "a script nobody writes names in, which looks like Latin": "ꓐꓳꓳꓗ",
    "Cherokee, which does too": "ᎪᏟᎬ",
    "decomposed Latin": "Cafe\u0301",
    "decomposed Hangul": "\u1112\u1161\u11ab",
    "a compatibility ideograph": "\uf900",
}


@pytest.mark.parametrize("what", NAMES)
def test_names(what: str) -> None:
    assert name_problem(NAMES[what]) is None


@pytest.mark.parametrize("what", REFUSED)
def test_characters_that_no_name_has(what: str) -> None:
    character = REFUSED[what]
    for name in (character, f"甲{character}乙", f"a{character}b", f"甲{character}"):
        problem = name_problem(name)
        assert problem is not None, name
        # It is named, and does not hide or turn the message.
        for text in (problem.message.zh, problem.message.en):
            assert character not in text
            assert f"U+{ord(character):04X}" in text


@pytest.mark.parametrize("what", FLAWED)
def test_flawed_names(what: str) -> None:
    problem = name_problem(FLAWED[what], "input", "name")
    assert problem is not None
    assert problem.path == ("input", "name")
    assert problem.message.zh != problem.message.en


def test_what_would_be_right_is_said_for_the_very_name() -> None:
    texts = {what: name_problem(FLAWED[what]) for what in FLAWED}
    said = {what: problem.message.en for what, problem in texts.items() if problem is not None}
    assert "1 to 200 characters are needed, these are 0" in said["nothing"]
    assert "these are 201" in said["too much"]
    assert "no spaces at the ends" in said["a space behind"]
    assert "type “Guаngdong” anew" in said["Latin with a Cyrillic letter"]
    assert "composed form (NFC) is needed: “Café”" in said["decomposed Latin"]


@given(st.text(max_size=30))
def test_what_is_a_name_can_be_seen_and_is_composed(text: str) -> None:
    if name_problem(text) is not None:
        return
    assert text == text.strip() == unicodedata.normalize("NFC", text)
    # What Python's older table knows of a character, it is not.
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for c in text)
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE"} for c in text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20),
       st.sampled_from(sorted(REFUSED.values())), st.integers(0, 20))  # fmt: skip
def test_a_hidden_character_is_found_wherever_it_is(name: str, hidden: str, place: int) -> None:
    assert name_problem(name) is None
    assert name_problem(name[:place] + hidden + name[place:]) is not None


@pytest.fixture(scope="module")
async def inputs(shared_world: World) -> dict[str, dict[str, Any]]:
    return await right_inputs(shared_world)


# Two of them name what is not there by an id of its own type, which this world does not have; their
# texts are checked by what checks those of the others.
ELSEWHERE = {"confirmRetirement", "correctPosting"}


def strings(kind: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where an input of the schema has strings."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            if name not in path and field.type is not kind:
                yield from strings(field.type, (*path, name))
    elif named.name == "String":
        yield path


def plain(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in path if not name.isdigit())


def all_strings() -> set[tuple[str, ...]]:
    """Every string that a mutation takes, but idempotency keys, which are ASCII, and bulk items, which
    are inputs of the single ones."""
    mutation = core_schema(schema).mutation_type
    assert mutation is not None
    return {
        (verb, *path)
        for verb, field in mutation.fields.items()
        if not verb.endswith("Bulk")
        for path in strings(field.args["input"].type)
        if path != ("idempotencyKey",)
    }


async def test_every_text_of_every_mutation_is_checked(
    shared_world: World, inputs: dict[str, dict[str, Any]]
) -> None:
    world = shared_world
    reached: set[tuple[str, ...]] = set()
    for name, given_ in inputs.items():
        verb = name.partition(" ")[0]
        caller = caller_of(world, verb)
        for path in strings_in(given_):
            field = (verb, *plain(path))
            if field not in all_strings():
                continue
            reached.add(field)
            if verb in ELSEWHERE:
                continue
            for hidden in ("\u202e", "\u200b", "\u3164"):
                spoilt = with_value(given_, path, f"A{hidden}1")
                refused = await caller.refused(verb, **spoilt)
                found = tuple(refused["path"])
                assert found[: len(path) + 1] == ("input", *path), (field, refused)
                assert hidden not in refused["message"]["zh"] + refused["message"]["en"]
    missing = {path for path in all_strings() if path not in reached}
    same = {("serials",), ("block",), ("target",), ("sinks",), ("order",)}
    # A source has none, whatever is in it: `tests/inventories/test_sinks.py` reads that of sinks.
    # And whoever submits says nothing of an inventory: it is one input with what verifiers say.
    missing -= {
        p
        for p in missing
        if p[1:3] == ("sources", "sinkBasis") or p[:2] == ("submitInventory", "opinion")
    }
    assert not {path for path in missing if (path[1],) not in same}, missing
