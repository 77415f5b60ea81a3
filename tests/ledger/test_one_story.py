"""Nets, retirements, statements of credits, beneficiaries, holdings and tilings tell one story of a history in which
whole batches are invalidated, exported, frozen and thawed and pilots are placed, as of every position of it: that of
the reference."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from tests.ledger.reference import APART, OK, Batch, Command, Issue, Place, Reference
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS, bind, histories, stories
from tests.ledger.test_api_machine import Stage, as_asked, expressible
from tests.world import World

STATES = ("invalidated", "exported", "frozen")

LAST = """pageInfo { hasNextPage } nodes { position kind quantity balance inForceBalance invalidatedBalance
    exportedBalance frozenBalance movement { line } }"""
OF_PILOT = f"""query ($id: ID!, $at: BigInt) {{ pilot(by: {{id: $id}}) {{
    creditStatement(first: 100, asOf: $at) {{ {LAST} }}
    netEmissions(period: {{year: 2022}}, asOf: $at) {{ purchasedReductions {{
        quantity retiredQuantity shortfallQuantity
        withdrawn(first: 100) {{ nodes {{ quantity }} }}
        retirements(first: 100) {{ nodes {{ quantityInForce }} }} }} }} }} }}"""
OF_HOLDER = f"""query ($id: ID!, $at: BigInt) {{ node(id: $id) {{ ... on Organisation {{
    ccer: creditStatement(programme: CCER, first: 100, asOf: $at) {{ {LAST} }}
    phcer: creditStatement(programme: PHCER, first: 100, asOf: $at) {{ {LAST} }}
    holdings(first: 100, asOf: $at) {{ nodes {{ batch {{ id }} quantity invalidatedQuantity
        exportedQuantity frozenQuantity }} }} }} }} }}"""
OF_BATCH = """query ($id: ID!, $at: BigInt) { creditBatch(by: {id: $id}) {
    beneficiaries(first: 100, asOf: $at) { nodes { pilot { id } quantity quantityInForce
        invalidatedQuantity } } } }"""
TILES = """query ($id: ID!) { creditBatch(by: {id: $id}) { tiling(first: 100) { nodes { quantity
    account { kind organisation { id } pilot { id } purpose } invalidated { position }
    exported { position } frozen { position } } } } }"""


@given(stories(14))
@histories(10)
async def test_all_readings_tell_one_story(world: World, told: tuple[list[Command], ...]) -> None:
    await _agree(world, told)


@pytest.mark.slow
@given(stories(20))
@histories(120)
async def test_all_readings_tell_one_story_for_long(
    world: World, told: tuple[list[Command], ...]
) -> None:
    await _agree(world, told)


async def _agree(world: World, told: tuple[list[Command], ...]) -> None:
    stage, reference = await Stage(world).set(), Reference(dict(PROJECTS))
    moments: list[Reference] = []
    for raw in told[0]:
        if not expressible(raw):
            continue
        command = as_asked(bind(raw, reference))
        asked = stage.ask(command, reference)
        if reference.do(command) != OK:
            continue
        answer = await stage.do(asked)
        assert "code" not in answer, (command, answer)
        made = next(value for value in answer.values() if isinstance(value, dict))
        unknown = stage.pilots["far"]["id"]
        stage.ids.append(unknown if isinstance(command, APART) else made["id"])
        stage.heads.append(await world.head())
        moments.append(reference.copy())
    for head, moment in zip(stage.heads, moments, strict=True):
        for pilot in PILOTS:
            await _check_pilot(stage, pilot, moment, head)
        for holder in HOLDERS:
            await _check_holder(stage, holder, moment, head)
        for batch in moment.batches.values():
            await _check_beneficiaries(stage, batch, moment, head)
    for batch in reference.batches.values():
        await _check_tiling(stage, batch, reference)


async def _check_pilot(stage: Stage, pilot: str, moment: Reference, head: int) -> None:
    given = {"id": stage.pilots[pilot]["id"], "at": str(head)}
    found = (await stage.world.anyone.ask(OF_PILOT, **given))["pilot"]
    in_force, withdrawn = moment.offsets().get(pilot, (0, 0))
    bought = found["netEmissions"]["purchasedReductions"]
    assert [int(bought[name]) for name in ("quantity", "retiredQuantity", "shortfallQuantity")] == [
        in_force, in_force, withdrawn,
    ]  # fmt: skip
    assert _sum(bought["withdrawn"]["nodes"], "quantity") == withdrawn
    assert _sum(bought["retirements"]["nodes"], "quantityInForce") == in_force
    there = _tonnes(moment, "RETIREMENT", pilot=pilot)
    last = _last(found["creditStatement"])
    _check_balances(last, there, moment)
    assert last["inForceBalance"] == in_force


async def _check_holder(stage: Stage, holder: str, moment: Reference, head: int) -> None:
    given = {"id": stage.holders[holder], "at": str(head)}
    found = (await stage.world.anyone.ask(OF_HOLDER, **given))["node"]
    there = _tonnes(moment, "HOLDING", holder=holder)
    for name in ("ccer", "phcer"):
        of_programme = {
            number: tonnes
            for number, tonnes in there.items()
            if moment.batches[number].programme == name.upper()
        }
        _check_balances(_last(found[name]), of_programme, moment)
    assert {
        stage.ids.index(item["batch"]["id"]): [
            int(item[name]) for name in ("quantity", *(f"{state}Quantity" for state in STATES))
        ]
        for item in found["holdings"]["nodes"]
    } == {
        number: [tonnes, *(tonnes * getattr(moment.batches[number], state) for state in STATES)]
        for number, tonnes in there.items()
    }


async def _check_beneficiaries(stage: Stage, batch: Batch, moment: Reference, head: int) -> None:
    given = {"id": stage.ids[batch.number], "at": str(head)}
    found = (await stage.world.anyone.ask(OF_BATCH, **given))["creditBatch"]["beneficiaries"]
    names = {pilot["id"]: name for name, pilot in stage.pilots.items()}
    expected = {}
    for pilot in PILOTS:
        tonnes = _tonnes(moment, "RETIREMENT", pilot=pilot).get(batch.number, 0)
        gone = batch.invalidated or batch.exported or (batch.project, pilot) in moment.inside
        if tonnes:
            expected[pilot] = (tonnes, 0 if gone else tonnes, tonnes * batch.invalidated)
    assert {
        names[item["pilot"]["id"]]: tuple(
            int(item[name]) for name in ("quantity", "quantityInForce", "invalidatedQuantity")
        )
        for item in found["nodes"]
    } == expected


async def _check_tiling(stage: Stage, batch: Batch, reference: Reference) -> None:
    found = await stage.world.anyone.ask(TILES, id=stage.ids[batch.number])
    holders = {i: name for name, i in stage.holders.items()}
    pilots = {pilot["id"]: name for name, pilot in stage.pilots.items()}
    tiled: Counter[tuple[Any, ...]] = Counter()
    for tile in found["creditBatch"]["tiling"]["nodes"]:
        account = tile["account"]
        holder, pilot = account["organisation"], account["pilot"]
        tiled[
            account["kind"], holder and holders[holder["id"]], pilot and pilots[pilot["id"]],
            account["purpose"],
        ] += int(tile["quantity"])  # fmt: skip
        by_itself = {"INVALIDATED": "invalidated", "FROZEN": "frozen"}.get(account["kind"])
        for state in STATES:
            assert (tile[state] is not None) == (state == by_itself or getattr(batch, state))
    of_batch = {p: n for (p, number), n in reference.balances().items() if number == batch.number}
    if batch.withdrawn:
        what = reference.postings[batch.number].what
        assert isinstance(what, Issue)
        of_batch = {Place("ISSUANCE"): what.stated}
    assert tiled == of_batch


def _check_balances(last: dict[str, int], there: dict[int, int], moment: Reference) -> None:
    assert last["balance"] == sum(there.values())
    for state in STATES:
        expected = sum(n for b, n in there.items() if getattr(moment.batches[b], state))
        assert last[f"{state}Balance"] == expected, state


def _last(statement: dict[str, Any]) -> dict[str, int]:
    """The balances after the last line; every line follows from the one before."""
    assert not statement["pageInfo"]["hasNextPage"]
    names = ("balance", "inForceBalance", *(f"{state}Balance" for state in STATES))
    last = dict.fromkeys(names, 0)
    for line in statement["nodes"]:
        balances = {name: int(line[name]) for name in names}
        assert balances["balance"] == last["balance"] + int(line["quantity"])
        assert all(0 <= tonnes <= balances["balance"] for tonnes in balances.values()), line
        if line["movement"] is None:
            assert balances != last, "nothing changed"
            assert line["kind"] in {
                "BATCH_INVALIDATED", "BATCH_EXPORTED", "BATCH_FROZEN", "BATCH_UNFROZEN", "PILOT_PLACED",
                "POSTING_CORRECTED",
            }  # fmt: skip
        last = balances
    return last


def _tonnes(moment: Reference, kind: str, **whose: str) -> dict[int, int]:
    """What somebody has of each batch, by its number."""
    return {
        batch: tonnes
        for (place, batch), tonnes in moment.balances().items()
        if place.kind == kind
        and all(getattr(place, name) == value for name, value in whose.items())
    }


def _sum(rows: list[dict[str, Any]], name: str) -> int:
    return sum(int(row[name]) for row in rows)
