"""What facts look like: one definition from which they are shown and written, and their JSON Schema follows. Pure.

One event's are shown, as JSON has them. An export has millions, which are written by columns: what many events say
under one name at once, from which their JSON is put together. Of one event alone that would take seven times as long.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise, repeat
from json.encoder import encode_basestring as quoted
from typing import Any, Protocol, TypeAlias

import orjson

from nzc_api.accounting.exact import GRAM, plain

# The id, as the API has it, of what was born at a position, by the name of its type.
NameOf = Callable[[str, int], str]

# Makes of a value what JSON has.
Show: TypeAlias = Callable[[Any, NameOf], Any]

# Makes of each value of a column its JSON.
Write: TypeAlias = Callable[[Sequence[Any], NameOf], list[str]]

Schema = Mapping[str, Any]

# The same of facts, of which some are beside the others, by columns of their names.
WriteBeside: TypeAlias = Callable[
    [Sequence[Mapping[str, Any]], Mapping[str, Sequence[Any]], NameOf], list[str]
]

NULL = "null"

# How many of the values that are told over and over are kept as they are shown.
MOST_REPEATED = 1024


class Shape(Protocol):
    """What a value looks like."""

    @property
    def schema(self) -> Schema:
        """Its JSON Schema."""

    def showing(self) -> Show:
        """What shows such a value, made once for all of them."""

    def writing(self) -> Write:
        """What writes such values, many at once, made once for all of them."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A single value, which JSON has as it is unless it is to ``convert``; and how what it has is written."""

    schema: Schema
    convert: Callable[[Any], Any] | None = None
    text: Callable[[Any], str] = quoted

    def showing(self) -> Show:
        convert = self.convert
        return _as_it_is if convert is None else lambda value, _name_of: convert(value)

    def writing(self) -> Write:
        convert, text = self.convert, self.text
        if convert is None:
            return lambda values, _name_of: [*map(text, values)]
        return lambda values, _name_of: [*map(text, map(convert, values))]


@dataclass(frozen=True, slots=True)
class Id:
    """An id of a type of the API."""

    kind: str

    @property
    def schema(self) -> Schema:
        return {"type": "string", "description": f"the id of a {self.kind}"}

    def showing(self) -> Show:
        kind = self.kind
        return lambda value, name_of: name_of(kind, value)

    def writing(self) -> Write:
        kind = self.kind

        def write(values: Sequence[Any], name_of: NameOf) -> list[str]:
            names = {value: f'"{name_of(kind, value)}"' for value in set(values)}
            return [names[value] for value in values]

        return write


@dataclass(frozen=True, slots=True)
class Born:
    """An id of any type: it is read as the name of the type, and the position at which it was born."""

    schema: Schema = field(default_factory=lambda: {"type": "string", "description": "an id"})

    def showing(self) -> Show:
        return lambda value, name_of: name_of(*value)

    def writing(self) -> Write:
        return lambda values, name_of: [f'"{name_of(*value)}"' for value in values]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, in an order that means something."""

    item: Shape

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema}

    def showing(self) -> Show:
        show = self.item.showing()
        return lambda value, name_of: [show(item, name_of) for item in value]

    def writing(self) -> Write:
        write_items = self.item.writing()

        def write(values: Sequence[Any], name_of: NameOf) -> list[str]:
            items = write_items([item for value in values for item in value], name_of)
            ends = accumulate(map(len, values), initial=0)
            return [f"[{','.join(items[start:end])}]" for start, end in pairwise(ends)]

        return write


@dataclass(frozen=True, slots=True)
class OrNull:
    """A value, or null, as an item of a list."""

    shape: Shape

    @property
    def schema(self) -> Schema:
        return {"anyOf": [self.shape.schema, {"type": "null"}]}

    def showing(self) -> Show:
        show = self.shape.showing()
        return lambda value, name_of: None if value is None else show(value, name_of)

    def writing(self) -> Write:
        return _or_null(self.shape.writing())


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact and what it means. It may be null only where it says so; ``source`` is what it is called where it is
    read, if not as it is shown."""

    shape: Shape
    means: str
    optional: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that belong together, by their names in Python; JSON has them in camel case."""

    facts: Mapping[str, Fact]

    @property
    def schema(self) -> Schema:
        names = {camel(name): _schema(fact) for name, fact in self.facts.items()}
        return {
            "type": "object",
            "properties": names,
            "required": list(names),
            "additionalProperties": False,
        }

    def showing(self) -> Show:
        facts = [
            (camel(name), fact.source or name, fact.optional, fact.shape.showing())
            for name, fact in self.facts.items()
        ]

        def show(value: Any, name_of: NameOf) -> Any:
            shown = {}
            for name, source, optional, show_fact in facts:
                found = value.get(source) if optional else value[source]
                shown[name] = (
                    found if found is None or show_fact is _as_it_is else show_fact(found, name_of)
                )
            return shown

        return show

    def writing(self) -> Write:
        write = self.writing_beside()
        return lambda values, name_of: write(values, {}, name_of)

    def writing_beside(self) -> WriteBeside:
        """What writes facts of which some are beside the others, by columns of their names."""
        names = [(fact.source or name, fact.optional) for name, fact in self.facts.items()]
        write_columns = self.writing_columns()

        def write(
            values: Sequence[Mapping[str, Any]],
            beside: Mapping[str, Sequence[Any]],
            name_of: NameOf,
        ) -> list[str]:
            columns = (
                beside[name]
                if name in beside
                else [value.get(name) if optional else value[name] for value in values]
                for name, optional in names
            )
            return write_columns(columns, name_of)

        return write

    def writing_columns(self) -> Callable[[Iterable[Sequence[Any]], NameOf], list[str]]:
        """What writes facts that are given by their columns, in their order."""
        first, *others = (f'"{camel(name)}":' for name in self.facts)
        keys = [f"{{{first}", *(f",{key}" for key in others)]
        writes = [_or_null(fact.shape.writing()) for fact in self.facts.values()]

        def write(columns: Iterable[Sequence[Any]], name_of: NameOf) -> list[str]:
            parts: list[Iterable[str]] = []
            for key, write_column, column in zip(keys, writes, columns, strict=True):
                parts += repeat(key), write_column(column, name_of)
            # To join texts takes a third of what it takes to put them into a form.
            return [*map("".join, zip(*parts, repeat("}")))]

        return write


@dataclass(frozen=True, slots=True)
class FactsRow:
    """Facts that are read in a row, in the order of their names, as bodies of entries have them."""

    facts: Facts

    @property
    def schema(self) -> Schema:
        return self.facts.schema

    def showing(self) -> Show:
        names, show = tuple(self.facts.facts), self.facts.showing()
        return lambda value, name_of: show(dict(zip(names, value, strict=True)), name_of)

    def writing(self) -> Write:
        write = self.facts.writing_columns()
        return lambda rows, name_of: write(zip(*rows, strict=True), name_of) if rows else []


@dataclass(frozen=True, slots=True)
class Repeated:
    """What is told over and over, such as an account: it is shown once for all that tell it. Values are hashable."""

    shape: Shape

    @property
    def schema(self) -> Schema:
        return self.shape.schema

    def showing(self) -> Show:
        return lru_cache(MOST_REPEATED)(self.shape.showing())

    def writing(self) -> Write:
        write_each = self.shape.writing()

        def write(values: Sequence[Any], name_of: NameOf) -> list[str]:
            each = [*set(values)]
            texts = dict(zip(each, write_each(each, name_of), strict=True))
            return [texts[value] for value in values]

        return write


def _as_it_is(value: Any, _name_of: NameOf) -> Any:
    return value


def _or_null(write: Write) -> Write:
    """What writes values some of which may be missing."""

    def written(values: Sequence[Any], name_of: NameOf) -> list[str]:
        if None not in values:
            return write(values, name_of)
        texts = iter(write([value for value in values if value is not None], name_of))
        return [NULL if value is None else next(texts) for value in values]

    return written


def camel(name: str) -> str:
    """A name as the API spells it."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def _schema(fact: Fact) -> Schema:
    schema = fact.shape.schema
    if fact.optional:
        schema = {"anyOf": [schema, {"type": "null"}]}
    # What an id is of stays beside what the fact means.
    said = schema.get("description")
    return {**schema, "description": f"{fact.means} ({said})" if said else fact.means}


@lru_cache(MOST_REPEATED)  # What was posted together was posted at one moment.
def moment(at: datetime) -> str:
    """A moment as JSON has it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _utc(value: str) -> str:
    return moment(datetime.fromisoformat(value))


def _grams(value: object) -> str:
    """With no zeros at its end beyond those of a gram."""
    whole, point, decimals = str(value).partition(".")
    return whole + point + decimals[:GRAM] + decimals[GRAM:].rstrip("0")


_DECIMAL = "^-?(0|[1-9][0-9]*)([.][0-9]+)?$"

TEXT = Plain({"type": "string"})
TRUTH = Plain({"type": "boolean"}, text={True: "true", False: "false"}.__getitem__)
WHOLE = Plain({"type": "integer"}, text=str)
DAY = Plain({"type": "string", "format": "date"})
MOMENT = Plain(
    {"type": "string", "format": "date-time"},
    _utc,
)
# Texts by names.
TEXTS = Plain(
    {"type": "object", "additionalProperties": {"type": "string"}},
    text=lambda value: orjson.dumps(value).decode(),
)
# Tonnes of credits, serial numbers, positions: whole numbers as text.
BIG = Plain({"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$"}, str)
# Masses and CO2e with their decimals, and numbers as people write them, without trailing zeros: exact, as text.
EXACT = Plain({"type": "string", "pattern": _DECIMAL}, _grams)
NUMBER = Plain({"type": "string", "pattern": _DECIMAL}, lambda value: plain(Decimal(value)))


def word(enum: type[StrEnum]) -> Plain:
    """A word of an enum of the API."""
    names = {value.value: value.name for value in enum}
    return Plain({"type": "string", "enum": [*names.values()]}, names.__getitem__)
