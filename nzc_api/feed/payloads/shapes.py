"""What facts look like: one definition from which they are shown, and their JSON Schema follows. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from nzc_api.accounting.exact import GRAM, plain

# The id, as the API has it, of what was born at a position, by the name of its type.
NameOf = Callable[[str, int], str]

Schema = Mapping[str, Any]


class Shape(Protocol):
    """What a value looks like."""

    @property
    def schema(self) -> Schema:
        """Its JSON Schema."""

    def shown(self, value: Any, name_of: NameOf) -> Any:
        """A value as JSON has it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A single value."""

    schema: Schema
    convert: Callable[[Any], Any] = lambda value: value

    def shown(self, value: Any, _name_of: NameOf) -> Any:
        return self.convert(value)


@dataclass(frozen=True, slots=True)
class Id:
    """An id of a type of the API."""

    kind: str

    @property
    def schema(self) -> Schema:
        return {"type": "string", "description": f"the id of a {self.kind}"}

    def shown(self, value: Any, name_of: NameOf) -> Any:
        return name_of(self.kind, value)


@dataclass(frozen=True, slots=True)
class Born:
    """An id of any type: it is read as the name of the type, and the position at which it was born."""

    schema: Schema = field(default_factory=lambda: {"type": "string", "description": "an id"})

    def shown(self, value: Any, name_of: NameOf) -> Any:
        return name_of(*value)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, in an order that means something."""

    of: Shape

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": self.of.schema}

    def shown(self, value: Any, name_of: NameOf) -> Any:
        return [self.of.shown(item, name_of) for item in value]


@dataclass(frozen=True, slots=True)
class OrNull:
    """A value, or null, as an item of a list."""

    of: Shape

    @property
    def schema(self) -> Schema:
        return {"anyOf": [self.of.schema, {"type": "null"}]}

    def shown(self, value: Any, name_of: NameOf) -> Any:
        return None if value is None else self.of.shown(value, name_of)


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

    def shown(self, value: Any, name_of: NameOf) -> Any:
        shown = {}
        # An export has hundreds of thousands of them.
        for name, fact in self.facts.items():
            source = fact.source or name
            of = value.get(source) if fact.optional else value[source]
            shown[camel(name)] = None if of is None else fact.shape.shown(of, name_of)
        return shown


@dataclass(frozen=True, slots=True)
class Row:
    """Facts that are read in a row, in the order of their names, as bodies of entries have them."""

    of: Facts

    @property
    def schema(self) -> Schema:
        return self.of.schema

    def shown(self, value: Any, name_of: NameOf) -> Any:
        return self.of.shown(dict(zip(self.of.facts, value, strict=True)), name_of)


@cache  # They are few, and thousands of lines of an inventory have the same.
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


def _utc(value: str) -> str:
    return datetime.fromisoformat(value).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _grams(value: object) -> str:
    """With no zeros at its end beyond those of a gram."""
    whole, point, decimals = str(value).partition(".")
    return whole + point + decimals[:GRAM] + decimals[GRAM:].rstrip("0")


_DECIMAL = "^-?(0|[1-9][0-9]*)([.][0-9]+)?$"

TEXT = Plain({"type": "string"})
TRUTH = Plain({"type": "boolean"})
WHOLE = Plain({"type": "integer"})
DAY = Plain({"type": "string", "format": "date"})
MOMENT = Plain(
    {"type": "string", "format": "date-time"},
    _utc,
)
# Texts by names.
TEXTS = Plain({"type": "object", "additionalProperties": {"type": "string"}})
# Tonnes of credits, serial numbers, positions: whole numbers as text.
BIG = Plain({"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$"}, str)
# Masses and CO2e with their decimals, and numbers as people write them, without trailing zeros: exact, as text.
EXACT = Plain({"type": "string", "pattern": _DECIMAL}, _grams)
NUMBER = Plain({"type": "string", "pattern": _DECIMAL}, lambda value: plain(Decimal(value)))


def word(of: type[StrEnum]) -> Plain:
    """A word of an enum of the API."""
    return Plain(
        {"type": "string", "enum": [value.name for value in of]}, lambda value: of(value).name
    )
