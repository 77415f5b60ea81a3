"""Whose ground is whose is one relation: what is refused to be retired for a pilot, what of earlier retirements its
net leaves out, what it says was issued inside, and what each change reports agree, after random changes, with a search
of the pilots in the test."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from tests.auditing.acts import Acts
from tests.conftest import TestDatabase
from tests.statements.changing import agree_on_changes
from tests.statements.test_boundaries import AFFECTED, told
from tests.world import World

PILOTS, PROJECTS = range(5), range(3)
# Which projects come to be at the sites of which pilots: a pilot that was registered before it, and one after.
AT_SITE = ((2, 0), (0, 4))
# The project that is registered in a pilot.
REGISTERED = (1, 1)
GROUNDS = {"document": "粤环函〔2026〕5号", "reason": "现场核实"}
POINTS = {pilot: {"latitude": f"23.{pilot}9", "longitude": "113.9"} for _, pilot in AT_SITE}

SHOWN = """query ($id: ID!, $asOf: BigInt) { pilot(by: {id: $id}) {
    netEmissions(period: {year: 2022}, asOf: $asOf) {
        reductionsIssuedInside { nodes { batch { project { id } } } }
        purchasedReductions { quantity withdrawn { nodes {
            quantity reason project { id } pilotInside { id } } } } } } }"""
REFUSED = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
    ... on BulkOutcomes { outcomes { error { code } } } } }"""

Pair = tuple[int, int]


@dataclass
class Ground:
    """Which pilot is around which, which share ground, and in which each project lies itself."""

    surrounding: dict[int, int | None] = field(default_factory=dict)
    shared: set[frozenset[int]] = field(default_factory=set)
    placed: dict[int, int | None] = field(default_factory=dict)
    found: set[Pair] = field(default_factory=set)
    suspected: set[Pair] = field(default_factory=set)
    # How many batches were issued of each project.
    issued: dict[int, int] = field(default_factory=dict)

    def of(self, pilot: int) -> set[int]:
        """The pilots that have the ground of one, itself among them."""
        seen: set[tuple[int, bool]] = set()
        waiting = [(pilot, False)]
        while waiting:
            here, shared = waiting.pop()
            if (here, shared) in seen:
                continue
            seen.add((here, shared))
            outer = self.surrounding.get(here)
            waiting += [] if outer is None else [(outer, shared)]
            if not shared:
                waiting += [(next(iter(p - {here})), True) for p in self.shared if here in p]
        return {here for here, _ in seen}

    def inside(self) -> set[Pair]:
        """Which projects lie inside which pilots."""
        placed = {(project, p) for project, p in self.placed.items() if p is not None}
        return self._reached(placed | self.found)

    def refused(self, pair: Pair) -> str | None:
        if pair in self.inside():
            return "CREDIT_FROM_INSIDE_BOUNDARY"
        suspected = pair in self._reached(self.suspected)
        return "CREDIT_FROM_INSIDE_SUSPECTED" if suspected else None

    def _reached(self, pairs: Iterable[Pair]) -> set[Pair]:
        return {(project, outer) for project, pilot in pairs for outer in self.of(pilot)}


class Scene:
    """Five pilots; three projects, of each of which a tonne was retired for each pilot that it was outside of."""

    def __init__(self, world: World) -> None:
        self.world, self.ground = world, Ground(placed=dict([REGISTERED]))
        self.resolved: set[Pair] = set()

    async def begun(self) -> "Scene":
        world, (inner, surrounding) = self.world, REGISTERED
        self.pilots = [await self._pilot(number) for number in PILOTS[:-1]]
        self.projects = [
            await world.project(pilot=self.pilots[surrounding]["id"] if number == inner else None)
            for number in PROJECTS
        ]
        self.pilots.append(await self._pilot(PILOTS[-1]))
        self.retired: dict[str, Pair] = {}
        for project in PROJECTS:
            await self._issue(project)
            for pilot in PILOTS:
                if (project, pilot) != REGISTERED:
                    acts, number = Acts(world, f"GROUND-{project}-0"), pilot + 1
                    made = await acts.retire(self.pilots[pilot], number, number)
                    self.retired[made] = project, pilot
        return self

    async def changes(self, chance: Random) -> AsyncIterator[None]:
        """Random changes, each with the retirements that it says it affects."""
        acts = [self._place, self._overlap, self._move] * 4 + [self._site] * 6
        for act in chance.sample(acts, len(acts)):
            before = self.ground.inside()
            payload = await act(chance)
            if payload is None or "code" in payload:
                continue
            changed = (before ^ self.ground.inside()) & set(self.retired.values())
            assert {(self.retired[id_], again) for id_, _, again in told(payload)} == {
                (pair, pair in before) for pair in changed
            }
            yield

    async def agree(self, as_of: int | None = None, ground: Ground | None = None) -> None:
        """What is said of each pilot, as of a position; and, now, what would be refused."""
        shared = ground or self.ground
        inside = shared.inside()
        for pilot in PILOTS:
            given = {"id": self.pilots[pilot]["id"], "asOf": as_of and str(as_of)}
            found = (await self.world.anyone.ask(SHOWN, **given))["pilot"]["netEmissions"]
            within = {project for project, outer in inside if outer == pilot}
            bought = found["purchasedReductions"]
            retired = {project for project, owner in self.retired.values() if owner == pilot}
            assert int(bought["quantity"]) == len(retired - within)
            assert all(n["reason"] == "INSIDE_BOUNDARY" for n in bought["withdrawn"]["nodes"])
            withdrawn = Counter(retired & within)
            assert self._projects(bought["withdrawn"]["nodes"]) == withdrawn
            issued = [node["batch"] for node in found["reductionsIssuedInside"]["nodes"]]
            assert self._projects(issued) == {p: shared.issued[p] for p in within}
            for node in bought["withdrawn"]["nodes"]:
                lies_in = next(
                    p for p in PILOTS if self.pilots[p]["id"] == node["pilotInside"]["id"]
                )
                assert pilot in shared.of(lies_in)
        if ground is None:
            await self._agree_on_refusals()

    async def _agree_on_refusals(self) -> None:
        pairs = [(project, pilot) for project in PROJECTS for pilot in PILOTS]
        items = [
            self.world.retirement(self.pilots[pilot], f"GROUND-{project}-0", 50 + pilot, 50 + pilot)
            | {"idempotencyKey": f"{project}.{pilot}"}
            for project, pilot in pairs
        ]
        given = {"mode": "EACH_INDEPENDENT", "dryRun": True, "items": items}
        data = await self.world.registry.ask(REFUSED, input=given)
        errors = [outcome["error"] for outcome in data["retireCreditsBulk"]["outcomes"]]
        assert [error and error["code"] for error in errors] == [
            self.ground.refused(pair) for pair in pairs
        ]

    def _projects(self, nodes: list[dict[str, Any]]) -> Counter[int]:
        """The projects that are named, and how often."""
        return Counter(self.projects.index(node["project"]["id"]) for node in nodes)

    async def _pilot(self, number: int) -> dict[str, Any]:
        return await self.world.pilot("PARK", coordinates=POINTS.get(number))

    async def _issue(self, project: int) -> None:
        """One more part of what was registered of a project."""
        before = self.ground.issued.get(project, 0)
        whole = {"reference": f"GROUND-{project}", "quantity": "10000"}
        prefix = f"GROUND-{project}-{before}"
        await self.world.issue(self.projects[project], prefix, 1, 100, issuance=whole)
        self.ground.issued[project] = before + 1

    async def _place(self, chance: Random) -> dict[str, Any]:
        pilot, outer = chance.choice(PILOTS), chance.choice([None, *PILOTS])
        surrounding = None if outer is None else self.pilots[outer]["id"]
        made = await self.world.operator.do(
            "placePilot", f"pilot {{ id }} {AFFECTED}",
            pilot=self.pilots[pilot]["id"], surroundingPilot=surrounding,
        )  # fmt: skip
        if "code" not in made:
            self.ground.surrounding[pilot] = outer
        return made

    async def _overlap(self, chance: Random) -> dict[str, Any]:
        pilot, other = chance.sample(PILOTS, 2)
        made = await self.world.operator.do(
            "recordPilotOverlap", f"pilot {{ id }} {AFFECTED}",
            pilot=self.pilots[pilot]["id"], other=self.pilots[other]["id"],
        )  # fmt: skip
        if "code" not in made:
            self.ground.shared.add(frozenset({pilot, other}))
        return made

    async def _move(self, chance: Random) -> dict[str, Any]:
        project, pilot = chance.choice(PROJECTS), chance.choice([None, *PILOTS])
        self.ground.placed[project] = pilot
        inside = None if pilot is None else self.pilots[pilot]["id"]
        return await self._amend(project, pilot=inside)

    async def _site(self, chance: Random) -> dict[str, Any] | None:
        """A project comes to a pilot's site; or else it is found whether it lies in the pilot."""
        pair = project, pilot = chance.choice(AT_SITE)
        if pair in self.resolved:
            await self._issue(project)
            return None
        if pair not in self.ground.suspected:
            self.ground.suspected.add(pair)
            return await self._amend(project, coordinates=POINTS[pilot])
        finding = chance.choice(["SAME", "DISTINCT"])
        self.ground.suspected.remove(pair)
        self.resolved.add(pair)
        self.ground.found |= {pair} if finding == "SAME" else set()
        return await self.world.administrator.do(
            "resolveSameSite", f"pilot {{ id }} {AFFECTED}", subject=self.projects[project],
            pilot=self.pilots[pilot]["id"], finding=finding, **GROUNDS,
        )  # fmt: skip

    async def _amend(self, project: int, **given: Any) -> dict[str, Any]:
        wanted = f"project {{ id }} {AFFECTED}"
        asked = given | GROUNDS | {"project": self.projects[project]}
        return await self.world.administrator.do("amendProject", wanted, **asked)


@pytest.mark.parametrize("seed", range(4))
async def test_ground_is_one_relation(database: TestDatabase, world: World, seed: int) -> None:
    scene, moments = await Scene(world).begun(), list[tuple[int, Ground]]()
    async for _ in scene.changes(Random(seed)):
        moments.append((await world.head(), deepcopy(scene.ground)))
        await scene.agree()
    for as_of, ground in moments:
        await scene.agree(as_of, ground)
    # What is told of changes misses none of them.
    assert await agree_on_changes(database.api_url) >= len(moments)
