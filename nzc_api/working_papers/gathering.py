"""What evidence is made of, asked of the API as whoever it is made for sees it, as of one position."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nzc_api.ids import Position
from nzc_api.packs.asking import Asking, Questions
from nzc_api.packs.questions import EVIDENCE, SINKS, SOURCES, STEPS
from nzc_api.working_papers import questions
from nzc_api.working_papers.model import Sizes
from nzc_api.working_papers.refusals import (
    NotGranted,
    in_evaluations,
    in_requests,
    in_steps,
)

# How requests for retirements end without one.
NOT_CONFIRMED = ("CANCELLED", "EXPIRED")


@dataclass(frozen=True, slots=True)
class GatheredDifference:
    """What the statement said at one position and at another, and each entry that changed it."""

    before: int
    after: int
    whole: Any
    changes: Sequence[Any]


@dataclass(slots=True)
class Gathered:
    """What the API answered: statements in the order of their positions; inventories, each with its ``lines``."""

    statements: list[Any] = field(default_factory=list)
    differences: list[GatheredDifference] = field(default_factory=list)
    inventories: list[Any] = field(default_factory=list)
    sold: list[Any] = field(default_factory=list)
    refusals: list[NotGranted] = field(default_factory=list)

    @property
    def positions(self) -> set[Position]:
        """The positions of the entries that are named."""
        handed_in = {
            Position(int(inventory[name]))
            for inventory in self.inventories
            for name in ("submittedPosition", "verifiedPosition")
            if inventory[name] is not None
        }
        changed = {
            Position(int(change["position"]))
            for diff in self.differences
            for change in diff.changes
        }
        refused = {at for refusal in self.refusals for at in (refusal.position, refusal.asked)}
        issued = {Position(int(row["batch"]["issuedAt"])) for row in self.sold}
        return handed_in | changed | refused | issued

    @property
    def things(self) -> set[str]:
        """The ids of the things whose first entries are named."""
        begun = {inventory["id"] for inventory in self.inventories}
        return begun | {row["batch"]["project"]["id"] for row in self.sold}

    @property
    def shown(self) -> set[int]:
        """The positions at which inventories were handed in whose lines are shown."""
        return {
            int(inventory["submittedPosition"])
            for inventory in self.inventories
            if inventory["viewerSeesLines"]
        }


@dataclass(frozen=True, slots=True)
class Gathering:
    """Asking about one accounting period of a pilot, both by their ids; from its first to its last of the ``days``."""

    asking: Asking[Questions]
    pilot: str
    period: str
    days: tuple[str, str]

    async def statement(self, position: Position) -> Any:
        """The statement as of a position; None where there was none, or it is not seen."""
        given = {"id": self.pilot, "period": {"id": self.period}}
        asked = await self.asking.api.ask(questions.STATEMENT, **given, asOf=str(position))
        return asked["node"]["netEmissions"]

    async def sizes(self, compared: Sequence[Position]) -> Sizes:
        """How much there is, so that nothing is made of too much."""
        retirements = await self._walk(questions.RETIREMENT_SIZES)
        shown = [
            inventory
            for inventory in await self._walk(questions.INVENTORY_SIZES)
            if inventory["viewerSeesLines"]
        ]
        lists = ("movements", "withdrawn")
        return Sizes(
            retirements=len(retirements),
            ranges=max(sum(row[name]["totalCount"] for row in retirements) for name in lists),
            lines=sum(row["emissionSources"]["totalCount"] + row["sinks"]["totalCount"] for row in shown),
            entries=self.asking.position - compared[0] if compared else 0,
            refusals=sum([await self._count_of(outcome) for outcome in NOT_CONFIRMED]),
        )  # fmt: skip

    async def difference(self, before: int, after: int) -> GatheredDifference:
        """What became of the statement between two positions, the second of which is the one asked as of."""
        given = {"id": self.pilot, "period": {"id": self.period}, "from": str(before), "to": str(after)}  # fmt: skip
        whole, changes = None, list[Any]()
        async for page in self._pages(given, before, after):
            whole = whole or page
            changes += page["changes"]["changes"]
        return GatheredDifference(before=before, after=after, whole=whole, changes=changes)

    async def lines(self) -> AsyncIterator[Any]:
        """The inventories that the statement rests on, each with its lines where these are seen."""
        for number, inventory in enumerate(await self._walk(questions.INVENTORIES), 1):
            found: list[Any] = []
            if inventory["viewerSeesLines"]:
                for role, query in (("SOURCE", SOURCES), ("SINK", SINKS)):
                    found += [
                        line | {"inventory": str(number), "role": role}
                        for line in await self.asking.walk(query, id=inventory["id"])
                    ]
            for line in found:
                line["evidence"] = await self._documents(line)
            shown = "true" if inventory["viewerSeesLines"] else "false"
            yield inventory | {"inventory": str(number), "linesShown": shown, "lines": found}

    async def sold(self) -> list[Any]:
        """The credits issued for sinks inside."""
        return await self._walk(questions.SOLD)

    async def refusals(self) -> list[NotGranted]:
        """What came to nothing by then, of what is seen."""
        asking, found = self.asking, list[NotGranted]()
        for outcome in NOT_CONFIRMED:
            found += in_requests(
                await asking.walk(questions.REQUESTS, of=self.period, outcome=outcome)
            )
        application = (await asking.ask(questions.APPLICATION, id=self.pilot))["node"][
            "application"
        ]
        if application is not None:
            found += in_steps(await asking.walk(STEPS, id=application["id"]), "applicationState")
        for plan in await asking.walk(questions.PLANS, id=self.pilot):
            found += in_steps(plan["planSteps"], "state")
        evaluations = await asking.walk(questions.EVALUATIONS, id=self.pilot)
        found += in_evaluations(evaluations, self.days)
        return sorted(refusal for refusal in found if refusal.position <= asking.position)

    async def _count_of(self, outcome: str) -> int:
        given = {"of": self.period, "outcome": outcome}
        asked = await self.asking.api.ask(questions.REQUESTS, **given, after=None)
        return int(asked["walked"]["totalCount"])

    async def _pages(self, given: dict[str, Any], before: int, after: int) -> AsyncIterator[Any]:
        scanned: str | None = None
        while scanned is None or int(scanned) < after:
            asked = await self.asking.api.ask(questions.DIFFERENCE, **given, after=scanned)
            page = asked["node"]["netEmissionsDiff"]
            scanned = page["changes"]["scannedPosition"]
            yield page

    async def _documents(self, line: Any) -> list[Any]:
        """All documents of a line, of which its row has begun to tell."""
        begun = line["evidence"]
        if begun["pageInfo"]["hasNextPage"]:
            return await self.asking.walk(EVIDENCE, id=line["id"])
        return list(filter(self.asking.is_there, begun["nodes"]))

    async def _walk(self, query: str) -> list[Any]:
        return await self.asking.walk(query, id=self.pilot, period={"id": self.period})


async def gathered(gathering: Gathering, compared: Sequence[Position]) -> Gathered:
    """What there is to tell of the accounting period; ``Gathering.sizes`` has said how much that is."""
    position, found = gathering.asking.position, Gathered()
    for at in (*compared, position):
        statement = await gathering.statement(at)
        if statement is not None:
            found.statements.append(statement)
    for before in compared:
        found.differences.append(await gathering.difference(before, position))
    found.inventories = [inventory async for inventory in gathering.lines()]
    found.sold = await gathering.sold()
    found.refusals = await gathering.refusals()
    return found
