"""Small helpers that every topic's types are written with."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar

import strawberry

from nzc_api.accounting.exact import simplest
from nzc_api.shortcuts.ways import ATTRIBUTE

E = TypeVar("E", bound=type[Enum])

# What `limits` reckons with: how many items a field's list has at most, and how many statements it
# takes for all objects of one selection together, and, if fewer, where that is a single one.
AT_MOST = "at_most"
STATEMENTS = "statements"
STATEMENTS_OF_ONE = "statements_of_one"

# How many more where `asOf` is given; and which fields below it take none, for what they show is read along with it
# (each once, by its first selection): their names, with such fields below them.
STATEMENTS_THEN = "statements_then"
ALONGSIDE = "alongside"


def attribute(kind: Any, path: str, description: str, *, at_most: int | None = None) -> Any:
    """A field that is an attribute of the type's domain object; a list has ``at_most`` so many items."""
    get = attrgetter(path)

    def resolve(root: Any) -> kind:
        return get(root.domain)

    if at_most is not None:
        return short_list(description, at_most)(resolve)
    reads = {ATTRIBUTE: f"domain.{path}"}
    return strawberry.field(resolver=resolve, description=description, metadata=reads)


def number(path: str, description: str, *, optional: bool = False) -> Any:
    """A field that is a number of the type's domain object as people write it: without trailing zeros."""
    get = attrgetter(path)

    def resolve(root: Any) -> Decimal:
        return simplest(get(root.domain))

    def resolve_if_any(root: Any) -> Decimal | None:
        return simplest_if(get(root.domain))

    return strawberry.field(
        resolver=resolve_if_any if optional else resolve, description=description
    )


def simplest_if(value: Decimal | None) -> Decimal | None:
    """A number as people write it, if there is one."""
    return None if value is None else simplest(value)


def short_list(description: str, at_most: int, *, statements: int | None = None) -> Any:
    """A field, or the decorator of one, whose list is short by nature: ``at_most`` items, which its
    description says. A list that can grow is a connection instead."""
    metadata = {AT_MOST: at_most} | ({} if statements is None else {STATEMENTS: statements})
    return strawberry.field(description=f"{description} At most {at_most}.", metadata=metadata)


def dear(
    description: str,
    *,
    statements: int,
    of_one: int | None = None,
    then: int = 0,
    alongside: Mapping[str, Any] | None = None,
    shown_as: Any = None,
) -> Any:
    """The decorator of a field that takes so many ``statements``, for all objects of one selection
    together, and ``of_one`` of a single object, if those are fewer; so many more ``then``, with `asOf`. What is read
    ``alongside`` takes none. A field whose resolver waits takes one, unless it says otherwise. One that need not wait
    for what may be at hand says what it is ``shown_as``."""
    metadata: dict[str, Any] = {STATEMENTS: statements, STATEMENTS_THEN: then}
    metadata |= {} if of_one is None else {STATEMENTS_OF_ONE: of_one}
    metadata |= {} if alongside is None else {ALONGSIDE: alongside}
    return strawberry.field(description=description, metadata=metadata, graphql_type=shown_as)


# As many statements as would take as long as accounting thousands of lines.
WHOLE_INVENTORY = 100

# As many statements as would take as long as what a thousand meters used on each day of a year, or what each of
# 200 measures costs a tonne, or as looking for events among 5,000 entries: which takes few statements and values, but
# computes. So do plans, evaluations and financings of pilots: each is read whole, hundreds of rows, whatever is asked
# of it.
MUCH_COMPUTED = 51


def whole_inventory(description: str) -> Any:
    """The decorator of a mutation that goes through all lines of an inventory, of which there may be thousands:
    it keeps nobody waiting, but is one of the few dear operations at once."""
    return strawberry.mutation(description=description, metadata={STATEMENTS: WHOLE_INVENTORY})


def much_computed(description: str) -> Any:
    """The decorator of a mutation that computes as much as ``MUCH_COMPUTED`` says, apart from who is answered here."""
    return strawberry.mutation(description=description, metadata={STATEMENTS: MUCH_COMPUTED})


def described_enum(enum: E, description: str, values: Mapping[str, str]) -> E:
    """A GraphQL enum whose every value is described."""
    described: Any = strawberry.enum(enum, description=description)
    definition = described.__strawberry_definition__
    undescribed = {value.name for value in definition.values} ^ values.keys()
    assert not undescribed, f"{enum.__name__}: {sorted(undescribed)}"
    for value in definition.values:
        value.description = values[value.name]
    return enum


def argument(description: str, name: str | None = None) -> Any:
    """An argument's description, for ``Annotated``."""
    return strawberry.argument(description=description, name=name)
