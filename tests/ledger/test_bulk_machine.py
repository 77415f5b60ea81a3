"""Random requests of many items, of every verb that takes them: what a dry run says comes true, and no refusal
names what is not there."""

import random
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.ledger.reference import APART, OK, Command, Reference
from tests.ledger.strategies import PROJECTS, bind, histories, stories
from tests.ledger.test_api_machine import Asked, Stage, as_asked, expressible
from tests.world import World, key

VERBS = {
    "issueCredits", "transferCredits", "retireCredits", "requestRetirement", "confirmRetirement",
    "useCredits", "freezeCredits",
}  # fmt: skip

# All that a refusal may name: that it can be asked for.
NAMED = """
    ... on SerialsAlreadyRetired { retirement { position pilot { code } } }
    ... on SerialsAlreadyUsed { use { position } }
    ... on SerialsPending { request { position } }
    ... on SerialsNotHeld { holder { id } }
    ... on CreditsFrozen { posting { position } }
    ... on CreditsInvalidated { posting { position } }
    ... on CreditsExported { posting { position } }
    ... on SerialBlockOverlap { batch { position } }
    ... on SerialRangeSpansBatches { batches { position } }
    ... on IssuedInAnotherForm { batch { position } }
    ... on VintageAfterRetirement { batch { position } }
    ... on DoubleIssuanceSuspected { batch { position } other { position } }
    ... on RequestEnded { position request { position } }
    ... on ItemsConflict { item refusedWith }
"""
ASKED = """mutation ($input: %sBulkInput!) { %sBulk(input: $input) {
    ... on BulkOutcomes { outcomes { index status position replayed asOfPosition result { id }
        preview { entryKind quantity movements { totalCount } }
        error { code path message { zh en } replayed asOfPosition %s } } }
    ... on UserError { code } } }"""


class Bulk:
    """Items of one verb and one caller, in one request."""

    def __init__(self, commands: list[Command], asked: list[Asked]) -> None:
        self.commands, self.asked = commands, asked
        self.key = key()

    async def send(self, mode: str, *, dry_run: bool = False) -> list[dict[str, Any]]:
        verb, caller = self.asked[0].verb, self.asked[0].caller
        value = {
            "mode": mode, "dryRun": dry_run, "items": [asked.given for asked in self.asked],
            "idempotencyKey": self.key if mode == "ALL_OR_NOTHING" else None,
        }  # fmt: skip
        name = verb[0].upper() + verb[1:]
        data = await caller.ask(ASKED % (name, verb, NAMED), input=value)
        outcomes: list[dict[str, Any]] = data[f"{verb}Bulk"]["outcomes"]
        return outcomes


def bulks(stage: Stage, raw: list[Command], reference: Reference) -> Iterator[Bulk]:
    """The commands as requests of many items; what is named is what was there when it began."""
    commands = [as_asked(bind(command, reference)) for command in raw if expressible(command)]
    pairs = [(c, stage.ask(c, reference)) for c in commands if not isinstance(c, APART)]

    def kind(pair: tuple[Command, Asked]) -> tuple[str, str]:
        return pair[1].verb, str(pair[1].caller.secret)

    for (verb, _), some in groupby(sorted(pairs, key=kind), key=kind):
        if verb in VERBS:
            of_verb = list(some)
            yield Bulk([c for c, _ in of_verb], [asked for _, asked in of_verb])


def positions(named: Any) -> Iterator[int]:
    """The positions that an error names."""
    if isinstance(named, dict):
        for name, value in named.items():
            if name in {"position", "asOfPosition"} and value is not None:
                yield int(value)
            yield from positions(value)
    elif isinstance(named, list):
        for value in named:
            yield from positions(value)


def check_names_what_is_there(outcomes: list[dict[str, Any]], head: int) -> None:
    for outcome in outcomes:
        error = outcome["error"]
        if error is None:
            continue
        assert all(position <= head for position in positions(error)), error
        if error["code"] == "ITEMS_CONFLICT":
            assert 0 <= error["item"] < outcome["index"]
            assert error["refusedWith"] in error["message"]["en"]


def code_of(outcome: dict[str, Any]) -> str:
    error: dict[str, Any] | None = outcome["error"]
    return OK if error is None else str(error["code"])


def check_came_true(mode: str, would: list[dict[str, Any]], did: list[dict[str, Any]]) -> None:
    """What a dry run said is what became of each item."""
    for before, after in zip(would, did, strict=True):
        assert before["status"] == {"COMMITTED": "READY"}.get(after["status"], after["status"])
        assert (before["preview"] is None) == (before["status"] != "READY")
        if mode == "EACH_INDEPENDENT" and code_of(before) == "ITEMS_CONFLICT":
            assert before["error"]["refusedWith"] == code_of(after)
        else:
            assert code_of(before) == code_of(after)


@given(stories(10, 8, 8, 8), st.randoms(use_true_random=False))
@histories(5)
async def test_what_a_dry_run_says_comes_true(
    world: World,
    database: TestDatabase,
    told: tuple[list[Command], ...],
    chance: random.Random,
) -> None:
    stage, reference = await Stage(world).set(), Reference(dict(PROJECTS))
    for raw in told:
        for bulk in bulks(stage, raw, reference):
            head = await world.head()
            mode = chance.choice(("ALL_OR_NOTHING", "EACH_INDEPENDENT"))
            would = await bulk.send(mode, dry_run=True)
            assert await world.head() == head
            check_names_what_is_there(would, head)
            did = await bulk.send(mode)
            check_came_true(mode, would, did)
            _agree(stage, reference, bulk, mode, did)
            check_names_what_is_there(did, await world.head())
            again = await bulk.send(mode)
            # What was malformed has no outcome that is kept, and is decided anew.
            codes = [(code_of(a), code_of(b)) for a, b in zip(again, did, strict=True)]
            assert all(now == then for now, then in codes if then != "INVALID_INPUT")
            for outcome in again:
                malformed = code_of(outcome) in {"INVALID_INPUT", "SERIAL_RANGE_INVALID"}
                assert malformed or outcome["status"] == "NOT_ATTEMPTED" or outcome["replayed"]
    assert await stage.places(sorted(reference.serials)) == reference.places()
    await check_conserved(database.owner_url)


def _agree(
    stage: Stage, reference: Reference, bulk: Bulk, mode: str, did: list[dict[str, Any]]
) -> None:
    """The reference says the same, and what was accepted is numbered."""
    if mode == "ALL_OR_NOTHING":
        code, item = reference.copy().do_all(bulk.commands)
        if code != OK:
            assert code_of(did[item]) == code, (bulk.commands, did)
            return
    for command, outcome in zip(bulk.commands, did, strict=True):
        assert reference.do(command) == code_of(outcome), (command, outcome)
        if outcome["error"] is None:
            stage.ids.append(outcome["result"]["id"])
