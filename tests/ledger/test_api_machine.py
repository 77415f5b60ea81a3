"""The same histories through the GraphQL API, one request after another."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.ledger.naming import DAYS, GROUNDS, REGISTERED_ON, WHOLE_TONNES
from tests.ledger.reference import (
    APART,
    CERTIFICATE,
    OK,
    PREFIXES,
    UNKNOWN,
    WHOLE,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    Name,
    OfRange,
    OnBatch,
    OnSerials,
    Place,
    PlaceIn,
    Reference,
    Request,
    Resolve,
    Restate,
    RetireAmount,
    RetireRange,
    Transfer,
    Use,
)
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS, bind, histories, stories
from tests.world import Caller, World, as_kind, key, of_year

SERIAL = """: creditSerial(by: {programme: %s, text: "%s", ofCertificate: %s}) { account {
    kind purpose organisation { id } pilot { id } accountingPeriod { id } } }"""

HELD = """query ($id: ID!, $at: BigInt) { node(id: $id) { ... on Organisation {
    holdings(asOf: $at) { nodes { quantity batch { id } } } } } }"""

ACTIONS = {
    "FREEZE": "freezeCredits",
    "UNFREEZE": "unfreezeCredits",
    "INVALIDATE": "invalidateCredits",
}


# What each kind of command makes, if not a retirement or what is asked about by its id.
MADE: dict[type[Command], str] = {
    Use: "CreditUse", Transfer: "CreditTransfer", Issue: "CreditBatch", OnBatch: "LedgerPosting",
    OnSerials: "LedgerPosting",
}  # fmt: skip


class Asked(NamedTuple):
    """A mutation as it was asked, to ask it again."""

    caller: Caller
    verb: str
    wanted: str
    given: dict[str, Any]


class Stage:
    """The people, pilots and projects of one example, by their ids in the API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tag = f"-{key()[:8].upper()}"
        self.holders: dict[str, str] = {}
        self.pilots: dict[str, dict[str, Any]] = {}
        self.projects: dict[str, str] = {}
        # The ids of what was accepted, by number; and where the log stood then.
        self.ids: list[str] = []
        self.heads: list[int] = []

    async def set(self) -> "Stage":
        world = self.world
        for name in HOLDERS:
            made = await world.administrator.made(
                "registerOrganisation", "organisation { id }", role="CREDIT_HOLDER",
                name={"zh": name, "en": name}, programmes=[],
            )  # fmt: skip
            self.holders[name] = made["id"]
        for name in sorted(PILOTS, key=lambda name: PILOTS[name] is not None):
            outer = PILOTS[name]
            given = {} if outer is None else {"surroundingPilot": self.pilots[outer]["id"]}
            self.pilots[name] = await world.pilot("PARK", 2022, **given)
        for name, project in PROJECTS.items():
            given = {"forestry": project.forestry}
            if project.inside:
                given["pilot"] = self.pilots[project.inside[0]]["id"]
            if project.site is not None:
                given["siteCode"] = project.site + self.tag
            self.projects[name] = await world.project(project.programmes[0], **given)
            for programme in project.programmes[1:]:
                await world.registry_of(programme).made(
                    "enrolProject", "project { id }", project=self.projects[name],
                    programme=programme, rule="PHCER_2022", number=f"{name}{self.tag}",
                    registeredOn="2023-11-01",
                )  # fmt: skip
        return self

    async def do(self, asked: Asked) -> dict[str, Any]:
        return await asked.caller.do(asked.verb, asked.wanted, **asked.given)

    def ask(self, command: Command, reference: Reference) -> Asked:  # noqa: PLR0911  (a case each)
        """The mutation that the command is."""
        caller, given = self._caller(command), {"idempotencyKey": key()}
        match command:
            case Issue():
                return Asked(
                    caller=caller,
                    verb="issueCredits",
                    wanted="batch { id }",
                    given=given | self._issue(command),
                )
            case Transfer():
                parties = {"from": self.holders[command.giver], "to": self.holders[command.taker]}
                given |= self._block(command) | parties
                return Asked(
                    caller=caller, verb="transferCredits", wanted="transfer { id }", given=given
                )
            case RetireRange():
                given |= self._block(command) | self._held(command) | self._for(command.pilot)
                given["retiredOn"] = str(DAYS[command.day])
                return Asked(
                    caller=caller, verb="retireCredits", wanted="retirement { id }", given=given
                )
            case RetireAmount():
                given |= self._for(command.pilot) | {
                    "programme": command.programme, "quantity": str(command.amount),
                    "holder": self.holders[command.holder], "retiredOn": str(DAYS[command.day]),
                    "project": command.project and self.projects[command.project],
                }  # fmt: skip
                return Asked(
                    caller=caller, verb="retireCredits", wanted="retirement { id }", given=given
                )
            case Request():
                given |= self._block(command) | self._held(command) | self._for(command.pilot)
                given["expiresAt"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
                return Asked(
                    caller=caller, verb="requestRetirement", wanted="request { id }", given=given
                )
            case Use():
                given |= self._block(command) | self._held(command) | {
                    "purpose": command.purpose, "usedOn": str(DAYS[command.day])
                }  # fmt: skip
                own = command.purpose == "OWN_SINK"
                given |= self._for(command.pilot) if own else {"beneficiary": "somebody"}
                return Asked(caller=caller, verb="useCredits", wanted="use { id }", given=given)
            case OnSerials():
                block = self._block(command)
                block["block"] = block.pop("serials")
                given |= _grounds() | {"target": {"serials": block}}
                return Asked(
                    caller=caller,
                    verb=ACTIONS[command.action],
                    wanted="posting { id }",
                    given=given,
                )
            case _:
                return self._about(command, reference, given)

    def _about(  # noqa: PLR0911  (a case each)
        self, command: Command, reference: Reference, given: dict[str, Any]
    ) -> Asked:
        caller = self._caller(command)
        match command:
            case Confirm():
                given |= {
                    "request": self._id("RetirementRequest", command.request),
                    "retiredOn": str(DAYS[command.day]), "registryReference": f"R-{command.request}{self.tag}",
                    "quantity": None if command.amount is None else str(command.amount),
                }  # fmt: skip
                return Asked(
                    caller=caller, verb="confirmRetirement", wanted="retirement { id }", given=given
                )
            case End():
                given |= {"request": self._id("RetirementRequest", command.request)}
                return Asked(
                    caller=caller,
                    verb="cancelRetirementRequest",
                    wanted="posting { id }",
                    given=given,
                )
            case OnBatch():
                return self._of_batch(command, given)
            case Correct():
                kind = "Retirement"
                if command.posting != UNKNOWN:
                    what = reference.postings[command.posting].what
                    kind = MADE.get(type(what), kind)
                given |= _grounds() | {"posting": self._id(kind, command.posting)}
                return Asked(
                    caller=caller, verb="correctPosting", wanted="posting { id }", given=given
                )
            case Resolve():
                given |= _grounds() | {
                    "batch": self._id("CreditBatch", command.batch),
                    "other": self._id("CreditBatch", command.other), "finding": command.finding,
                }  # fmt: skip
                return Asked(
                    caller=caller, verb="resolveDoubleIssuance", wanted="batch { id }", given=given
                )
            case PlaceIn():
                surrounding = command.surrounding and self.pilots[command.surrounding]["id"]
                given |= {
                    "pilot": self.pilots[command.pilot]["id"],
                    "surroundingPilot": surrounding,
                }
                return Asked(caller=caller, verb="placePilot", wanted="pilot { id }", given=given)
            case Restate():
                address = f"Place {len(self.ids)}"
                given |= _grounds() | {"project": self.projects[command.project], "site": address}
                given["siteCode"] = command.site + self.tag
                return Asked(
                    caller=caller, verb="amendProject", wanted="project { id }", given=given
                )
            case _:
                raise AssertionError(command)

    def _of_batch(self, command: OnBatch, given: dict[str, Any]) -> Asked:
        caller, batch = self._caller(command), self._id("CreditBatch", command.batch)
        if command.action == "EXPORT":
            given |= _grounds() | {"batch": batch}
            return Asked(caller=caller, verb="recordExport", wanted="posting { id }", given=given)
        given |= _grounds() | {"target": {"batch": batch}}
        return Asked(
            caller=caller,
            verb=ACTIONS[command.action],
            wanted="posting { id }",
            given=given,
        )

    def _caller(self, command: Command) -> Caller:
        if isinstance(command, Resolve):
            return self.world.administrator
        if isinstance(command, PlaceIn):
            return self.world.operator
        if isinstance(command, Restate):
            return self.world.registry
        if isinstance(command, OfRange):
            return self.world.registry_of(PREFIXES[command.prefix])
        return self.world.registry_of(command.programme)

    def _issue(self, command: Issue) -> dict[str, Any]:
        given: dict[str, Any] = {
            "project": self.projects[command.project], "programme": PREFIXES[command.prefix],
            "quantity": str(command.stated), "production": of_year(command.vintage),
            "reductionsRegisteredOn": str(REGISTERED_ON), "holder": self.holders[command.holder],
        }  # fmt: skip
        if command.prefix != WHOLE:
            reference = f"{command.project}-{command.vintage}{self.tag}"
            given["issuance"] = {"reference": reference, "quantity": str(WHOLE_TONNES)}
        if command.prefix == CERTIFICATE:
            return given | {"certificate": CERTIFICATE + self.tag}
        return given | self._block(command)

    def _block(self, command: OfRange) -> dict[str, Any]:
        certified = command.prefix == CERTIFICATE
        block = {
            "number" if certified else "prefix": command.prefix + self.tag,
            "first": str(command.first), "last": str(command.last),
        }  # fmt: skip
        return {
            "programme": PREFIXES[command.prefix],
            "serials": {"certificate" if certified else "range": block},
        }

    def _held(self, command: RetireRange | Request | Use) -> dict[str, Any]:
        return {
            "holder": command.holder and self.holders[command.holder],
            "quantity": None if command.stated is None else str(command.stated),
        }

    def _for(self, pilot: str) -> dict[str, Any]:
        return {
            "pilot": self.pilots[pilot]["id"],
            "accountingPeriod": self.pilots[pilot]["periods"][2022],
        }

    def _id(self, kind: str, number: int) -> str:
        """The id of what was accepted as that number, as of that kind; or of what never was."""
        return as_kind(kind, self.pilots["far"]["id"] if number == UNKNOWN else self.ids[number])

    async def places(self, names: list[Name]) -> dict[Name, Place]:
        """Where the API says that serials are."""
        holders = {i: name for name, i in self.holders.items()}
        pilots = {pilot["id"]: name for name, pilot in self.pilots.items()}
        fields = [
            f"s{index}"
            + SERIAL
            % (
                PREFIXES[prefix],
                f"{prefix}{self.tag}-{number}",
                "true" if prefix == CERTIFICATE else "false",
            )
            for index, (prefix, number) in enumerate(names)
        ]
        if not fields:
            return {}
        data = await self.world.anyone.ask("{" + " ".join(fields) + "}")
        found: dict[Name, Place] = {}
        for index, name in enumerate(names):
            account = data[f"s{index}"]["account"]
            holder, pilot = account["organisation"], account["pilot"]
            found[name] = Place(
                kind=account["kind"], holder=holder and holders[holder["id"]], pilot=pilot and pilots[pilot["id"]],
                purpose=account["purpose"],
            )  # fmt: skip
            if pilot is not None:
                period = self.pilots[pilots[pilot["id"]]]["periods"][2022]
                assert account["accountingPeriod"]["id"] == period
        return found

    async def held(self, as_of: int) -> dict[tuple[str, int], int]:
        """What each holder holds of each batch as of a position, certificates included."""
        found: dict[tuple[str, int], int] = {}
        for name, holder in self.holders.items():
            data = await self.world.anyone.ask(HELD, id=holder, at=str(as_of))
            for holding in data["node"]["holdings"]["nodes"]:
                if holding["batch"]["id"] in self.ids:
                    batch = self.ids.index(holding["batch"]["id"])
                    found[name, batch] = int(holding["quantity"])
        return found


def _grounds() -> dict[str, Any]:
    return {"document": GROUNDS.document, "reason": GROUNDS.reason}


def expressible(command: Command) -> bool:
    """Whether a client of the API can ask for it: it issues a certificate whole, tells no time, and a
    thing's programme is looked up."""
    if isinstance(command, Issue) and command.prefix == CERTIFICATE:
        return command.first == 1 <= command.stated
    if isinstance(command, End) and command.expired:
        return False
    return getattr(command, "programme", "") != "another"


def as_asked(command: Command) -> Command:
    """A certificate's block is what its quantity says."""
    if isinstance(command, Issue) and command.prefix == CERTIFICATE:
        return Issue(
            prefix=CERTIFICATE,
            first=1,
            last=command.stated,
            stated=command.stated,
            project=command.project,
            vintage=command.vintage,
            holder=command.holder,
        )
    return command


@given(stories(14))
@histories(12)
async def test_the_api_agrees_with_the_reference(
    world: World, database: TestDatabase, told: tuple[list[Command], ...]
) -> None:
    await _agree(world, database, told)


@pytest.mark.slow
@given(stories(14))
@histories(200)
async def test_the_api_agrees_with_the_reference_for_long(
    world: World, database: TestDatabase, told: tuple[list[Command], ...]
) -> None:
    await _agree(world, database, told)


async def _agree(world: World, database: TestDatabase, told: tuple[list[Command], ...]) -> None:
    stage, reference = await Stage(world).set(), Reference(dict(PROJECTS))
    sent: list[tuple[Asked, dict[str, Any]]] = []
    held: list[dict[tuple[str, int], int]] = []
    for raw in told[0]:
        if not expressible(raw):
            continue
        command = as_asked(bind(raw, reference))
        asked, head = stage.ask(command, reference), await world.head()
        would = None
        if not isinstance(command, PlaceIn):  # no verb of the ledger
            would = await stage.do(asked._replace(given=asked.given | {"dryRun": True}))
            assert await world.head() == head, "a dry run did something"
        answer = await stage.do(asked)
        assert answer.get("code", OK) == reference.do(command), (command, answer)
        expected = answer if "code" in answer else {"__typename": "LedgerPreview"}
        assert would in (None, expected)
        sent.append((asked, answer))
        if "code" in answer:
            assert answer["message"]["zh"]
            assert answer["path"][0] == "input"
            assert await world.head() == head
            continue
        assert await world.head() == head + 1
        made = next(value for value in answer.values() if isinstance(value, dict))
        # It answers with what it is about: by its number there is nothing.
        unknown = stage.pilots["far"]["id"]
        stage.ids.append(unknown if isinstance(command, APART) else made["id"])
        stage.heads.append(head + 1)
        held.append(
            {
                (place.holder, batch): tonnes
                for (place, batch), tonnes in reference.balances().items()
                if place.kind == "HOLDING" and place.holder is not None
            }
        )
    assert await stage.places(sorted(reference.serials)) == reference.places()
    for as_of, balances in zip(stage.heads, held, strict=True):
        assert await stage.held(as_of) == balances

    # All of it again, under the same keys: the same answers, and nothing happens.
    head = await world.head()
    for asked, first in sent:
        again = await stage.do(asked)
        if first.get("code") == "INVALID_INPUT":
            assert "code" in again  # it is looked at anew, and refused again
        else:
            assert again == first | ({} if "code" in first else {"replayed": True})
    assert await world.head() == head
    await check_conserved(database.owner_url)
