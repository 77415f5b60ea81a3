"""What is good passes: each good row, and what the API does."""

import random
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.conftest import TestDatabase
from tests.database.guards.attacks import BOTH, LOGGED, Connection, Scene, attempt, entries
from tests.database.guards.good_rows import GOOD_ROWS, new
from tests.database.guards.story import GROUNDS, transfer, twin_project
from tests.world import World

# What is written with a posting, with a verification, with what belongs to it, or not at all: see ``GOOD``.
WITH_OTHERS = {
    "credit_batch", "double_issuance", "retirement_request", "request_end", "request_part", "correction",
    "verification_opinion", "target", "target_ceiling", "document", "attachment", "reading_batch",
    "register_reading", "consumption", "interval_block", "meter_rollup", "monitoring_alert_end",
    "proposal", "proposal_end",
    "application", "application_step", "criterion_claim", "claim_document", "criterion_judgement",
    "measure", "measure_saving", "measure_exclusion", "measure_progress", "measure_effect",
    "evaluation", "self_evaluation", "panel", "panel_expert", "panel_expert_name", "site_visit",
    "evaluation_score", "finding", "finding_step", "evaluation_decision", "follow_up",
    "potential_analysis", "financing", "financing_allocation", "financing_pledge", "financing_end",
    "post", "appointment", "holder_name", "name_erasure", "duty", "management_rule", "rule_repeal", "upkeep",
    "plan", "plan_package", "plan_measure", "plan_milestone", "plan_material", "plan_step", "milestone_reached",
    "completion",
    "energy_baseline", "energy_baseline_variable", "reconciliation", "crediting_period",
    "webhook_endpoint", "webhook_terms", "webhook_secret", "webhook_former_secret",
    "webhook_cursor",
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("table", [name for name in GOOD_ROWS if name not in WITH_OTHERS])
async def test_a_good_row_is_let_in(
    connections: Mapping[str, Connection], scene: Scene, table: str, who: str
) -> None:
    """So an attack that changes one thing of it was refused for that thing."""
    row = new(table)
    if table == "log_entry":
        row = entries(1)
    prepare = [] if table == "log_entry" else [LOGGED]
    error = await attempt(connections[who], scene.story, row, prepare=prepare)
    assert error is None


# How often each thing is tried.
TRIED = {
    "transfer": 4, "retire": 3, "request": 4, "confirm": 3, "cancel": 3, "use": 2, "freeze": 2,
    "unfreeze": 2, "invalidate": 1, "correct": 5, "freeze the batch": 1, "unfreeze the batch": 8,
    "resolve": 1,
}  # fmt: skip


async def attempts(world: World, numbers: random.Random) -> AsyncIterator[tuple[str, Any]]:
    """Things tried at random, and what came of them."""
    pilots = [await world.pilot() for _ in range(2)]
    twin = await twin_project(world, siteCode="SITE-3")
    batch = await world.issue(twin, "GD-A", 1, 200)
    other = await world.issue(twin, "GD-B", 1, 200, "PHCER")
    requests: list[str] = []
    postings: list[str] = []
    frozen: list[dict[str, Any]] = []
    for step in range(160):
        first = numbers.randint(1, 200)
        last = min(first + numbers.randint(0, 9), 200)
        serials = {"range": {"prefix": "GD-A", "first": str(first), "last": str(last)}}
        exact = {"serials": {"programme": "CCER", "block": serials}}
        retirement = world.retirement(numbers.choice(pilots), "GD-A", first, last)
        asked_for = {name: value for name, value in retirement.items() if name != "retiredOn"}
        given = transfer(world, first, last)
        if numbers.random() < 0.4:
            given |= {"from": given["to"], "to": given["from"]}
        later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        request = {"request": numbers.choice(requests[-3:] or [batch])}
        # Until it is resolved nothing can be used.
        what = "resolve" if step == 5 else numbers.choices([*TRIED], [*TRIED.values()])[0]
        verb, wanted, values = {
            "transfer": ("transferCredits", "transfer", given),
            "retire": ("retireCredits", "retirement", retirement),
            "request": ("requestRetirement", "request", asked_for | {"expiresAt": later}),
            "confirm": ("confirmRetirement", "retirement",
                        request | {"retiredOn": "2024-07-01", "registryReference": "R"}),
            "cancel": ("cancelRetirementRequest", "posting", request),
            "use": ("useCredits", "use", {
                "programme": "CCER", "serials": serials, "purpose": "EVENT", "beneficiary": "A run",
                "usedOn": "2024-07-01"}),
            "freeze": ("freezeCredits", "posting", {"target": exact, **GROUNDS}),
            "unfreeze": ("unfreezeCredits", "posting",
                         {"target": numbers.choice(frozen[-3:] or [exact]), **GROUNDS}),
            "invalidate": ("invalidateCredits", "posting", {"target": exact, **GROUNDS}),
            "correct": ("correctPosting", "posting",
                        {"posting": numbers.choice(postings[-3:] or [batch]), **GROUNDS}),
            "freeze the batch": ("freezeCredits", "posting", {"target": {"batch": batch}, **GROUNDS}),
            "unfreeze the batch": ("unfreezeCredits", "posting",
                                   {"target": {"batch": batch}, **GROUNDS}),
            "resolve": ("resolveDoubleIssuance", "batch",
                        {"batch": other, "other": batch, "finding": "DISTINCT", **GROUNDS}),
        }[what]  # fmt: skip
        caller = world.administrator if what == "resolve" else world.registry
        payload = await caller.do(verb, f"{wanted} {{ id }}", **values)
        if payload["__typename"].endswith("Success"):
            requests += [payload[wanted]["id"]] if what == "request" else []
            postings += [payload[wanted]["id"]] if what in CORRECTED else []
            frozen += [exact] if what == "freeze" else []
            yield what, payload


CORRECTED = ("transfer", "retire", "confirm", "use")


async def test_the_api_is_let_through(world: World, database: TestDatabase) -> None:
    """A small random sequence: no posting that the rules accept fails in the database."""
    accepted = {what async for what, _ in attempts(world, random.Random(6))}
    assert accepted == TRIED.keys()
    connection = await asyncpg.connect(database.owner_url)
    try:
        # All of it at once, too.
        await connection.execute("SELECT nzc_check_postings(0, (SELECT position FROM log_head))")
        current = await connection.fetch(
            "SELECT lo, hi FROM lot WHERE (position, piece) NOT IN"
            " (SELECT lot_position, lot_piece FROM lot_spent)"
            " AND batch_id = (SELECT id FROM credit_batch WHERE prefix = 'GD-A') ORDER BY lo"
        )
    finally:
        await connection.close()
    assert [row["lo"] for row in current] == [1, *(row["hi"] for row in current[:-1])]
    assert current[-1]["hi"] == 201
