"""Arguments at the ends of what their types can say are answered or refused: nothing fails inside."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from tests.evaluation import evaluating
from tests.inputs import caller_of, right_inputs, with_value
from tests.measures.planning import planned
from tests.metering.test_meters import meter
from tests.monitoring.explaining import explained
from tests.plans.drafting import drafted
from tests.right_inputs.crediting import LABEL
from tests.selection.applying import applied
from tests.world import World

# Of each type: its ends, what lies just beyond them, and what may be taken for something else.
ENDS: dict[str, tuple[Any, ...]] = {
    "Date": ("0001-01-01", "1989-12-31", "9999-12-31"),
    "DateTime": (
        "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00-23:59",
        "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+23:59",
    ),
    "Int": (-(1 << 31), -1, 0, 1, 9999, 10_000, (1 << 31) - 1),
    "BigInt": tuple(
        str(n)
        for n in (-(1 << 63), -1, 0, (1 << 48) - 1, 1 << 48, (1 << 62) - 1, 1 << 62, (1 << 63) - 1)
    ),
    "Decimal": ("-999999999999999999", "999999999999999999.999999999999", "0.000000000001"),
}  # fmt: skip


def outcome_of(answer: dict[str, Any]) -> None:
    """An answer is data, or errors that say what is wrong."""
    for error in answer.get("errors", ()):
        assert error["extensions"]["code"] in {"INVALID_INPUT", "OPERATION_TOO_LARGE"}, answer
        assert error["extensions"]["localizedMessage"]["zh"], answer


def queries() -> Iterator[tuple[str, str, str]]:
    """A document for each argument of each reading field that takes one of the types, directly or in an
    input: what it is about, the document with a variable, and the variable's type."""
    paths = ways()
    for kind in core_schema(schema).type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name not in paths:
            continue
        for name, field in kind.fields.items():
            for argument, given in field.args.items():
                for place, leaf in leaves(given.type):
                    about = ".".join([kind.name, name, argument, *place])
                    yield about, paths[kind.name] % call(name, field, argument, place), leaf


def ways() -> dict[str, str]:
    """How each type that has such arguments is reached, in the world of these tests."""
    return {
        "Query": "{ %s }",
        "Organisation": "{ node(id: $organisation) { ... on Organisation { %s } } }",
        "Pilot": "{ node(id: $pilot) { ... on Pilot { %s } } }",
        "AccountingPeriod": "{ node(id: $period) { ... on AccountingPeriod { %s } } }",
        "Project": "{ node(id: $project) { ... on Project { %s } } }",
        "CreditBatch": "{ node(id: $batch) { ... on CreditBatch { %s } } }",
        "CreditLabel": "{ node(id: $batch) { ... on CreditBatch { labels { %s } } } }",
        "Inventory": "{ node(id: $inventory) { ... on Inventory { %s } } }",
        "Application": "{ node(id: $application) { ... on Application { %s } } }",
        "Measure": "{ node(id: $measure) { ... on Measure { %s } } }",
        "Plan": "{ node(id: $plan) { ... on Plan { %s } } }",
        "Evaluation": "{ node(id: $evaluation) { ... on Evaluation { %s } } }",
        "ScoredItem": "{ node(id: $evaluation) { ... on Evaluation { items { %s } } } }",
        "EvaluationFinding": "{ node(id: $finding) { ... on EvaluationFinding { %s } } }",
        "EnergyBaseline": "{ node(id: $baseline) { ... on EnergyBaseline { %s } } }",
        "Retirement": "{ node(id: $retirement) { ... on Retirement { %s } } }",
        "NetEmissionsDiff": "{ node(id: $pilot) { ... on Pilot { netEmissionsDiff("
        'period: {year: 2022}, from: "0") { %s } } } }',
        "Meter": "{ node(id: $meter) { ... on Meter { %s } } }",
    }


def leaves(kind: Any, *place: str) -> Iterator[tuple[tuple[str, ...], str]]:
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield from leaves(field.type, *place, name)
    elif isinstance(named, GraphQLScalarType) and named.name in ENDS:
        yield place, named.name


def call(name: str, field: Any, argument: str, place: tuple[str, ...]) -> str:
    """The field called with a variable at a place of an argument, and with what else it needs."""
    given = {argument: nested(field.args[argument].type, place)}
    given |= {
        other: simple(needs.type)
        for other, needs in field.args.items()
        if other != argument
        and isinstance(needs.type, GraphQLNonNull)
        and needs.default_value is None
    }
    needed = {
        "portfolioNetEmissions": {"pilots": "[$pilot]", "year": "2022"},
        "netEmissions": {"period": "{year: 2022}"},
        "netEmissionsDiff": {"period": "{year: 2022}", "from": '"0"'},
        "targetStatus": {"period": "{year: 2022}"},
        "abatementCurve": {"year": "2024", "rate": '"0.05"'},
        "potential": {"year": "2024", "growth": '"0"', "period": "{year: 2022}"},
        "accountingPeriod": {"by": "{year: 2022}"},
        "pilot": {"by": "{id: $pilot}"},
        "organisation": {"id": "$organisation"},
        "project": {"by": "{id: $project}"},
        "pilotRanking": {"year": "2022"},
        "province": {"year": "2022"},
        "report": {"language": "ZH"},
        "retirementCertificate": {"period": "{year: 2022}", "number": '"NZC"'},
        "factorChangeImpact": {"to": "{gwpSet: SAR}"},
        "creditStatement": {"programme": "CCER"},
        "creditsByVintage": {"programme": "CCER", "vintage": "2022"},
        "finance": {"on": '"2024-01-01"'},
        "consumption": {"from": '"2024-01-01"', "to": '"2024-01-31"'},
        "unmetered": {"from": '"2024-01-01"', "to": '"2024-01-31"'},
        "monitoring": {"from": '"2024-01-01"', "to": '"2024-01-31"'},
        "inclusionProof": {"position": '"1"'},
        "consistencyProof": {"fromSize": '"1"'},
        "performance": {"from": '"2022-01-01"', "to": '"2022-06-30"'},
        "creditSerial": {"by": '{programme: CCER, text: "GD-ENDS-1"}'},
    }.get(name, {})
    asked = {key: value for key, value in needed.items() if key in field.args} | given
    arguments = ", ".join(f"{key}: {value}" for key, value in asked.items())
    return f"{name}({arguments}){selection(field.type)}"


def nested(kind: Any, place: tuple[str, ...]) -> str:
    if not place:
        return "$value"
    return (
        "{" + f"{place[0]}: {nested(get_named_type(kind).fields[place[0]].type, place[1:])}" + "}"
    )


def simple(kind: Any) -> str:
    raise AssertionError(f"say above what else is needed: {kind}")


def selection(kind: Any, levels: int = 2) -> str:
    """What a type has without arguments and lists, two levels deep."""
    named = get_named_type(kind)
    if not is_composite_type(named):
        return ""
    parts = ["__typename"]
    for name, field in getattr(named, "fields", {}).items():
        deeper = is_composite_type(get_named_type(field.type))
        if not field.args and not is_list_type(get_nullable_type(field.type)) and levels > deeper:
            parts.append(name + selection(field.type, levels - 1))
    return " { " + " ".join(parts) + " }"


ASKED = list(queries())
VARIABLES = (
    "organisation",
    "pilot",
    "period",
    "project",
    "batch",
    "inventory",
    "meter",
    "application",
    "measure",
    "plan",
    "evaluation",
    "finding",
    "baseline",
    "retirement",
)


@pytest.fixture(scope="module")
async def ids(shared_world: World) -> dict[str, str]:
    pilot = await shared_world.pilot()
    project = await shared_world.project()
    evaluation = await evaluating.ready(shared_world, await evaluating.stable(shared_world))
    batch = await shared_world.issue(project, "GD-ENDS", labels=[LABEL])
    retirement = await shared_world.registry.made(
        "retireCredits", "retirement { id }", **shared_world.retirement(pilot, "GD-ENDS", 1, 9)
    )
    return {
        "organisation": shared_world.holder.organisation,
        "pilot": pilot["id"],
        "period": pilot["periods"][2022],
        "project": project,
        "batch": batch,
        "retirement": retirement["id"],
        "inventory": await shared_world.inventory(pilot),
        "meter": (await meter(shared_world, pilot))["id"],
        "application": await applied(shared_world),
        "baseline": await explained(shared_world),
        "measure": await planned(shared_world, pilot["id"]),
        "plan": await drafted(shared_world, pilot["id"]),
        "evaluation": evaluation,
        "finding": await evaluating.found(shared_world, evaluation),
    }


def test_what_is_asked_is_all_there_is() -> None:
    """A new argument of one of these types is asked for by itself; one of a type that is reached in no
    way here is not, and then this fails."""
    wanted = {
        f"{kind.name}.{name}.{argument}"
        for kind in core_schema(schema).type_map.values()
        if isinstance(kind, GraphQLObjectType) and kind.name not in {"Mutation", "Subscription"}
        for name, field in kind.fields.items()
        for argument, given in field.args.items()
        if any(True for _ in leaves(given.type)) and argument not in {"first", "last"}
    }
    asked = {".".join(about.split(".")[:3]) for about, _, _ in ASKED}
    assert wanted <= asked, wanted - asked
    assert len(ASKED) > 30


@pytest.mark.parametrize(("about", "document", "leaf"), ASKED, ids=[about for about, _, _ in ASKED])
async def test_reading(
    shared_world: World, ids: dict[str, str], about: str, document: str, leaf: str
) -> None:
    used = [name for name in VARIABLES if f"${name}" in document]
    declared = ", ".join([f"$value: {leaf}!", *(f"${name}: ID!" for name in used)])
    # These are seen by few; an auditor sees everything else, too.
    few = {"meter", "measure", "application", "baseline", "evaluation", "finding"}
    caller = shared_world.auditor if few & set(used) else shared_world.anyone
    for value in ENDS[leaf]:
        given = {name: ids[name] for name in used} | {"value": value}
        answer = await caller.post(f"query ({declared}) {document}", **given)
        outcome_of(answer.json())


async def test_the_position_at_the_ends_of_the_calendar(shared_world: World) -> None:
    asked = "query ($at: DateTime!) { positionAt(at: $at) log { position } }"
    first = await shared_world.anyone.ask(asked, at="0001-01-01T00:00:00Z")
    assert first["positionAt"] == "0"
    last = await shared_world.anyone.ask(asked, at="9999-12-31T23:59:59.999999Z")
    assert last["positionAt"] == last["log"]["position"]
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        error = await shared_world.anyone.fail(asked, at=at)
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert "in a year from 0001 to 9999 of UTC" in error["message"]


def places(kind: Any, value: Any, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where an input has, or could have, a value of one of the types, and of which."""
    named = get_named_type(kind)
    if named.name in ENDS:
        yield path, named.name
    elif isinstance(named, GraphQLInputObjectType) and value:
        given = value[0] if isinstance(value, list) else value
        within = (*path, "0") if isinstance(value, list) else path
        for name, field in named.fields.items():
            if name in given or (not named.is_one_of and get_named_type(field.type).name in ENDS):
                yield from places(field.type, given.get(name), *within, name)


def input_of(verb: str) -> Any:
    mutation = core_schema(schema).mutation_type
    assert mutation is not None
    return mutation.fields[verb].args["input"].type


async def test_writing(shared_world: World) -> None:
    """Whatever an end comes to, it is an answer: a success, a refusal, or what is wrong with the value."""
    reached: set[tuple[str, str]] = set()
    for name, right in (await right_inputs(shared_world)).items():
        verb = name.partition(" ")[0]
        caller = caller_of(shared_world, verb)
        kind = get_named_type(input_of(verb)).name
        document = (
            f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ __typename "
            "... on UserError { code message { zh en } path } } }"
        )
        for path, leaf in places(input_of(verb), right):
            reached.add((verb, path[-1]))
            for number, end in enumerate(ENDS[leaf]):
                key = {"idempotencyKey": f"{name}.{'.'.join(path)}.{number}".replace(" ", "-")}
                given = with_value(right, path, end) | key
                outcome_of((await caller.post(document, input=given)).json())
    mutation = core_schema(schema).mutation_type
    assert mutation is not None
    wanted = {
        (verb, place[-1])
        for verb in mutation.fields
        if not verb.endswith("Bulk")
        for place, _ in leaves(input_of(verb))
    }
    # These share the inputs of serials with the others.
    assert {place for _, place in wanted} == {place for _, place in reached}
