"""The contract with whoever calls the API: described, regular, and changed on purpose only."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

import nzc_api
from nzc_api.refusal import Refusal
from nzc_api.schema.kit.errors import type_of
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema

COMMITTED = Path(__file__).parents[2] / "schema.graphql"

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The guide's sections have Chinese numbers, in English too.
SECTION = re.compile(r"section [一二三四五六七八九十（）]+")
SCREAMING_SNAKE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")

GRAPHQL: GraphQLSchema = core_schema(schema)

TYPES: dict[str, GraphQLNamedType] = {
    name: kind
    for name, kind in GRAPHQL.type_map.items()
    if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
}


def _mutations() -> dict[str, tuple[GraphQLUnionType, GraphQLInputObjectType]]:
    """Every mutation's payload and input."""
    assert GRAPHQL.mutation_type is not None
    found = {}
    for name, field in GRAPHQL.mutation_type.fields.items():
        payload, given = get_named_type(field.type), get_named_type(field.args["input"].type)
        assert isinstance(payload, GraphQLUnionType)
        assert isinstance(given, GraphQLInputObjectType)
        assert list(field.args) == ["input"]
        assert str(field.type) == f"{payload.name}!"
        assert str(field.args["input"].type) == f"{given.name}!"
        found[name] = (payload, given)
    return found


MUTATIONS = _mutations()
# Bulk mutations have an outcome an item instead of one success.
SINGLE = [name for name in MUTATIONS if not name.endswith("Bulk")]
EACH_MUTATION = pytest.mark.parametrize("name", MUTATIONS)
EACH_SINGLE = pytest.mark.parametrize("name", SINGLE)
EACH_BULK = pytest.mark.parametrize("name", sorted(MUTATIONS.keys() - set(SINGLE)))


def _refusals() -> list[type[Refusal]]:
    """Every refusal of the product: modules that nothing has imported yet included."""
    for module in pkgutil.walk_packages(nzc_api.__path__, "nzc_api."):
        importlib.import_module(module.name)
    ours = (r for r in Refusal.every() if r.__module__.startswith("nzc_api."))
    return sorted(ours, key=lambda refused: refused.code)


REFUSALS = _refusals()
EACH_REFUSAL = pytest.mark.parametrize("refused", REFUSALS, ids=lambda refused: refused.code)


def described() -> Iterator[tuple[str, str | None]]:
    """Every element of the schema that can have a description, with it."""
    for directive in GRAPHQL.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description
            for name, argument in directive.args.items():
                yield f"@{directive.name}({name}:)", argument.description
    for kind in TYPES.values():
        yield kind.name, kind.description
        if isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value.description
        if isinstance(kind, GraphQLInputObjectType):
            for name, input_field in kind.fields.items():
                yield f"{kind.name}.{name}", input_field.description
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{kind.name}.{name}({argument_name}:)", argument.description


def test_every_element_is_described() -> None:
    elements = dict(described())
    assert len(elements) > 500
    assert [name for name, text in elements.items() if not (text or "").strip()] == []


def test_descriptions_are_clean() -> None:
    """No indentation of the code, no template that was never filled in."""
    elements = dict(described())
    assert [n for n, text in elements.items() if text and text != text.strip()] == []
    assert [n for n, text in elements.items() if text and ("\n  " in text or "{" in text)] == []


def test_enum_values_are_screaming_snake() -> None:
    values = [
        f"{kind.name}.{value}"
        for kind in TYPES.values()
        if isinstance(kind, GraphQLEnumType)
        for value in kind.values
    ]
    assert len(values) > 80
    assert [v for v in values if not SCREAMING_SNAKE.fullmatch(v.split(".")[1])] == []


def test_names_are_camel_case() -> None:
    for kind in TYPES.values():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", kind.name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name in kind.fields:
                assert re.fullmatch(r"[a-z][A-Za-z0-9]*", name), f"{kind.name}.{name}"


# Refusals.


@EACH_REFUSAL
def test_every_refusal_has_a_graphql_type(refused: type[Refusal]) -> None:
    """Without one, the refusal would come out as an internal error."""
    name = type_of(refused).__name__
    assert name == refused.__name__
    kind = TYPES[name]
    assert isinstance(kind, GraphQLObjectType)
    assert [interface.name for interface in kind.interfaces] == ["UserError"]


@EACH_REFUSAL
def test_a_code_is_the_name_of_its_type(refused: type[Refusal]) -> None:
    """Clients switch on either."""
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", refused.__name__).upper()
    assert refused.code == words


@EACH_REFUSAL
def test_a_refusal_can_be_said_in_both_languages(refused: type[Refusal]) -> None:
    facts = {field.name for field in fields(refused)}
    for template in (refused.zh, refused.en):
        named = {name for _, name, _, _ in Formatter().parse(template) if name}
        assert named <= facts
    assert CHINESE.search(refused.zh)
    assert not CHINESE.search(SECTION.sub("", refused.en))


# What only an item of a request of many is answered with.
OF_ITEMS = {"ItemsConflict"}


@EACH_REFUSAL
def test_a_refusal_can_happen(refused: type[Refusal]) -> None:
    """A type that no mutation answers with is a promise that nothing keeps."""
    name = type_of(refused).__name__
    answers = {member.name for payload, _ in MUTATIONS.values() for member in payload.types}
    assert name in answers | OF_ITEMS


# Mutations.


@EACH_SINGLE
def test_a_mutation_answers_with_its_success_or_with_errors(name: str) -> None:
    payload, given = MUTATIONS[name]
    success, *errors = payload.types
    previews = [member for member in errors if member.name.endswith("Preview")]
    # One of many items has a status each.
    answered = "dryRun" in given.fields and "outcomes" not in success.fields
    assert len(previews) == answered, "a dry run has an answer of its own"
    errors = [error for error in errors if error not in previews]
    verb = name[0].upper() + name[1:]
    assert payload.name == f"{verb}Payload"
    assert success.name == f"{verb}Success"
    assert errors
    for error in errors:
        assert [interface.name for interface in error.interfaces] == ["UserError"]
    assert not success.interfaces


@EACH_MUTATION
def test_every_mutation_can_meet_malformed_input_and_a_reused_key(name: str) -> None:
    payload, _ = MUTATIONS[name]
    assert {"InvalidInput", "IdempotencyKeyReused"} <= {member.name for member in payload.types}


@EACH_SINGLE
def test_every_mutation_has_an_idempotency_key(name: str) -> None:
    _, given = MUTATIONS[name]
    assert str(given.fields["idempotencyKey"].type) == "String!"


@EACH_SINGLE
def test_every_success_says_whether_it_is_a_replay(name: str) -> None:
    success = MUTATIONS[name][0].types[0]
    assert str(success.fields["replayed"].type) == "Boolean!"


@EACH_BULK
def test_a_bulk_mutation_answers_with_an_outcome_an_item(name: str) -> None:
    payload, given = MUTATIONS[name]
    assert payload.name == f"{name[0].upper()}{name[1:]}Payload"
    assert [member.name for member in payload.types] == [
        "BulkOutcomes", "InvalidInput", "IdempotencyKeyReused",
    ]  # fmt: skip
    # Its items are the inputs of the single mutation, keys included.
    single = MUTATIONS[name.removesuffix("Bulk")][1]
    assert str(given.fields["items"].type) == f"[{single.name}!]!"


def test_the_ledger_has_no_update_and_no_delete() -> None:
    """What was issued, moved or retired is history: nothing edits it and nothing removes it. (Where webhooks are posted
    is no history.)"""
    forbidden = re.compile(r"(update|delete|edit|set|patch|upsert|destroy|purge)([A-Z]|$)")
    assert {name for name in MUTATIONS if forbidden.match(name)} == {
        "updateWebhookEndpoint",
        "deleteWebhookEndpoint",
    }
    things = re.compile(r"Credit|Retirement|Transfer|Batch|Serial|Lot|Project")
    removals = [n for n in MUTATIONS if re.match(r"(remove|cancel|void|undo|reverse)[A-Z]", n)]
    # What was only requested can be cancelled.
    assert [n for n in removals if things.search(n.removesuffix("RetirementRequest"))] == []


# The committed contract.


def test_the_committed_schema_is_the_schema() -> None:
    assert COMMITTED.exists(), "run make schema, and commit schema.graphql"
    assert COMMITTED.read_text("utf-8") == schema.as_str() + "\n", (
        "The schema is not the committed one. If the change is meant, and breaks nobody, run make "
        "schema and commit schema.graphql with it."
    )
