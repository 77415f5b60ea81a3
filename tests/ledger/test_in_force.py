"""What retirements and other uses say is in force of them is what the reference says, serial by serial;
the lists add up to what nets count, as of every position."""

from typing import Any

import pytest
from hypothesis import given

from tests.ledger.reference import (
    APART,
    OK,
    Command,
    Confirm,
    Correct,
    Name,
    OnBatch,
    Reference,
    RetireAmount,
    RetireRange,
    Use,
)
from tests.ledger.strategies import PILOTS, PROJECTS, bind, histories, stories
from tests.ledger.test_api_machine import Stage, as_asked, expressible
from tests.world import World

SHOWN = """position quantity quantityInForce quantityNotInForce correction { position }
    withdrawn(first: 100) { nodes { position entryKind quantity serials { prefix first last } } }"""

STATEMENT = f"""query ($id: ID!, $at: BigInt) {{ pilot(by: {{id: $id}}) {{
    netEmissions(period: {{year: 2022}}, asOf: $at) {{ purchasedReductions {{
        quantity shortfallQuantity retirements(first: 50) {{ nodes {{ {SHOWN} }} }} }} }} }} }}"""

BY_ID = f"""query ($id: ID!) {{ node(id: $id) {{
    ... on CreditUse {{ {SHOWN} }} ... on Retirement {{ {SHOWN} }} }} }}"""

# A serial that is in force no more: why, and the number of what withdrew it.
Gone = dict[Name, tuple[str, int]]


def gone(reference: Reference, number: int) -> Gone:
    """What of a posting is in force no more, as the reference has it."""
    posting = reference.postings[number]
    if posting.corrected:
        by = _number(reference, Correct, "posting", number)
        return {name: ("POSTING_CORRECTED", by) for name, _ in posting.moved}
    pilot = _pilot_of(reference, posting.what)
    sink = isinstance(posting.what, Use) and posting.what.purpose == "OWN_SINK"
    found: Gone = {}
    for name, _ in posting.moved:
        serial = reference.serials[name]
        batch, why = reference.batches[serial.batch], dict[int, str]()
        if serial.place.kind == "INVALIDATED":
            why[serial.since] = "CREDITS_INVALIDATED"
        if batch.invalidated:
            by = _number(reference, OnBatch, "batch", batch.number, "INVALIDATE")
            why[by] = "BATCH_INVALIDATED"
        if batch.exported and (pilot or sink):
            by = _number(reference, OnBatch, "batch", batch.number, "EXPORT")
            why[by] = "BATCH_EXPORTED"
        if not why and pilot and (batch.project, pilot) in reference.inside:
            why[reference.inside[batch.project, pilot]] = "PILOT_PLACED"
        if why:
            found[name] = why[min(why)], min(why)
    return found


def _pilot_of(reference: Reference, what: Command) -> str | None:
    """The pilot that something was retired for."""
    if isinstance(what, Confirm):
        return reference.requests[what.request].pilot
    return what.pilot if isinstance(what, RetireRange | RetireAmount) else None


def _number(
    reference: Reference, kind: type[Command], field: str, value: int, action: str | None = None
) -> int:
    """The number of the command of a kind about something: of a batch, that which did this to it, and stands."""
    return next(
        number
        for number, posting in enumerate(reference.postings)
        if isinstance(posting.what, kind)
        and not posting.corrected
        and getattr(posting.what, field) == value
        and getattr(posting.what, "action", None) == action
    )


def spent(reference: Reference, kind: str) -> dict[int, Gone]:
    """Each retirement or other use, by number, with what of it is gone."""
    what = {"RETIREMENT": ("RetireRange", "RetireAmount", "Confirm"), "OTHER_USE": ("Use",)}[kind]
    return {
        number: gone(reference, number)
        for number, posting in enumerate(reference.postings)
        if type(posting.what).__name__ in what
    }


def check(node: dict[str, Any], gone: Gone, quantity: int, heads: list[int], tag: str) -> None:
    told: dict[Name, tuple[str, int]] = {}
    for part in node["withdrawn"]["nodes"]:
        block = part["serials"]
        for serial in range(int(block["first"]), int(block["last"]) + 1):
            name = block["prefix"].removesuffix(tag), serial
            assert name not in told
            told[name] = part["entryKind"], int(part["position"])
    assert told == {name: (why, heads[by]) for name, (why, by) in gone.items()}
    assert (int(node["quantity"]), int(node["quantityNotInForce"])) == (quantity, len(gone))
    assert int(node["quantityInForce"]) == quantity - len(gone)
    corrected = any(why == "POSTING_CORRECTED" for why, _ in gone.values())
    assert (node["correction"] is not None) == corrected


@given(stories(14))
@histories(12)
async def test_what_is_in_force_agrees_with_the_reference(
    world: World, told: tuple[list[Command], ...]
) -> None:
    await _agree(world, told)


@pytest.mark.slow
@given(stories(20))
@histories(150)
async def test_what_is_in_force_agrees_with_the_reference_for_long(
    world: World, told: tuple[list[Command], ...]
) -> None:
    await _agree(world, told)


async def _agree(world: World, told: tuple[list[Command], ...]) -> None:
    stage, reference = await Stage(world).set(), Reference(dict(PROJECTS))
    seen: list[tuple[dict[int, Gone], dict[str, tuple[int, int]]]] = []
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
        seen.append((spent(reference, "RETIREMENT"), reference.offsets()))
    sizes = [len(posting.moved) for posting in reference.postings]
    for head, (retirements, offsets) in zip(stage.heads, seen, strict=True):
        listed = 0
        for pilot in PILOTS:
            given = {"id": stage.pilots[pilot]["id"], "at": str(head)}
            data = await world.anyone.ask(STATEMENT, **given)
            bought = data["pilot"]["netEmissions"]["purchasedReductions"]
            nodes = bought["retirements"]["nodes"]
            for node in nodes:
                number = stage.heads.index(int(node["position"]))
                check(node, retirements[number], sizes[number], stage.heads, stage.tag)
            listed += len(nodes)
            in_force, shortfall = offsets.get(pilot, (0, 0))
            assert sum(int(node["quantityInForce"]) for node in nodes) == in_force
            assert (int(bought["quantity"]), int(bought["shortfallQuantity"])) == (
                in_force, shortfall,
            )  # fmt: skip
        assert listed == len(retirements)
    # And now, of each by itself.
    for kind in ("RETIREMENT", "OTHER_USE"):
        for number, gone in spent(reference, kind).items():
            data = await world.anyone.ask(BY_ID, id=stage.ids[number])
            check(data["node"], gone, sizes[number], stage.heads, stage.tag)
