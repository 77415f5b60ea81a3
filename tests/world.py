"""A small world to test in: it speaks GraphQL, as NZC's users do."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from nzc_api.access.model import IssueApiKey, RegisterOrganisation
from nzc_api.access.principals import Role
from nzc_api.database.engine import Database
from nzc_api.ids import OrganisationId
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.ids import decode_id, encode_id
from nzc_api.services import Nzc

_numbers = count(1)

ERROR = """... on UserError { __typename code message { zh en } path }"""

# What a sink that is stated as a mass rests on.
SINK_BASIS = {
    "sinkBasis": {"methodology": "CCER-14-001-V01 造林碳汇", "evidence": "监测报告2022-07"}
}


# By which projects are registered: of forestry, and of what is none.
METHODOLOGIES = {True: "CCER-14-001-V01", False: "CCER-01-002-V01"}


def of_year(year: int) -> dict[str, Any]:
    """Production in a monitoring period that is a calendar year."""
    return {"monitoringPeriod": {"startsOn": f"{year}-01-01", "endsOn": f"{year}-12-31"}}


def key() -> str:
    return str(uuid4())


@dataclass
class Caller:
    """Somebody who calls the API, with a key or without."""

    http: httpx.AsyncClient
    secret: str | None = None
    organisation: str = ""

    async def post(self, query: str, **variables: Any) -> httpx.Response:
        headers = {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}
        body = {"query": query, "variables": variables}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer that has no errors."""
        answer = (await self.post(query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def fail(self, query: str, **variables: Any) -> dict[str, Any]:
        """The only top-level error of an answer."""
        answer = (await self.post(query, **variables)).json()
        assert len(answer.get("errors", [])) == 1, answer
        error: dict[str, Any] = answer["errors"][0]
        return error

    async def do(self, verb: str, wanted: str, **given: Any) -> dict[str, Any]:
        """The payload of a mutation: ``wanted`` of its success, or the error."""
        given.setdefault("idempotencyKey", key())
        payload: dict[str, Any] = (await self.ask(mutation(verb, wanted), input=given))[verb]
        return payload

    async def made(self, verb: str, wanted: str, **given: Any) -> Any:
        """What a mutation that succeeds made: its one other field."""
        payload = await self.do(verb, wanted, **given)
        assert payload["__typename"].endswith("Success"), payload
        names = [name for name in payload if name not in {"__typename", "replayed"}]
        return payload[names[0]]

    async def refused(self, verb: str, **given: Any) -> dict[str, Any]:
        """The error of a mutation that is refused."""
        payload = await self.do(verb, "", **given)
        assert not payload["__typename"].endswith("Success"), payload
        assert payload["message"]["zh"], payload
        assert payload["message"]["en"], payload
        return payload


def mutation(verb: str, wanted: str) -> str:
    """The document that asks for ``wanted`` of a success, and for every error."""
    name = verb[0].upper() + verb[1:]
    kind = INPUTS.get(verb, f"{name}Input")
    return f"""mutation ($input: {kind}!) {{ {verb}(input: $input) {{
        __typename ... on {name}Success {{ replayed {wanted} }} {ERROR} }} }}"""


def as_kind(kind: str, relay_id: str) -> str:
    """The id that something of another kind would have, had it been born where this was."""
    decoded = decode_id(relay_id)
    assert decoded is not None
    return encode_id(kind, decoded[1])


def part_of(reference: str, tonnes: int) -> dict[str, Any]:
    """What says of a block that it is a part of an issuance of so many tonnes."""
    return {"issuance": {"reference": reference, "quantity": str(tonnes)}}


DOUBTS = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    allWarnings(first: 100) { nodes { code mustBeAcknowledged } } } } }"""

INPUTS = {
    "submitInventory": "InventoryInput",
    "verifyInventory": "InventoryInput",
}


@dataclass
class World:
    """An organisation of each role, and ways to make the rest."""

    http: httpx.AsyncClient
    anyone: Caller
    administrator: Caller
    registry: Caller
    phcer_registry: Caller
    operator: Caller
    verifier: Caller
    holder: Caller
    other_operator: Caller = field(repr=False)
    auditor: Caller = field(repr=False)
    regulator: Caller = field(repr=False)
    gateway: Caller = field(repr=False)

    @classmethod
    async def make(cls, http: httpx.AsyncClient, url: str) -> "World":
        async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
            return cls(
                http,
                Caller(http),
                await cls._caller(http, nzc, Role.ADMINISTRATOR),
                await cls._caller(http, nzc, Role.REGISTRY, "CCER"),
                await cls._caller(http, nzc, Role.REGISTRY, "PHCER"),
                await cls._caller(http, nzc, Role.PILOT_OPERATOR),
                await cls._caller(http, nzc, Role.VERIFIER),
                await cls._caller(http, nzc, Role.CREDIT_HOLDER),
                await cls._caller(http, nzc, Role.PILOT_OPERATOR),
                await cls._caller(http, nzc, Role.AUDITOR),
                await cls._caller(http, nzc, Role.REGULATOR),
                await cls._caller(http, nzc, Role.METER_GATEWAY),
            )

    def reached_by(self, http: httpx.AsyncClient) -> "World":
        """The same organisations in a copy of their database."""
        callers = {
            name: replace(caller, http=http)
            for name, caller in vars(self).items()
            if isinstance(caller, Caller)
        }
        return World(http, **callers)

    @staticmethod
    async def _caller(http: httpx.AsyncClient, nzc: Nzc, role: Role, *programmes: str) -> Caller:
        access = nzc.services.access
        name = LocalizedText(f"测试{role}", f"Test {role}")
        made = await access.register_organisation_as(
            Actor(), key(), RegisterOrganisation(name, role, programmes)
        )
        assert made.position is not None
        issued = await access.issue_api_key_as(
            Actor(), key(), IssueApiKey(OrganisationId(made.position), "test")
        )
        caller = Caller(http, issued.secret)
        viewer = await caller.ask("{ viewer { id } }")
        caller.organisation = viewer["viewer"]["id"]
        return caller

    async def pilot(
        self, variant: str = "BUILDING_EXISTING", *years: int, **given: Any
    ) -> dict[str, Any]:
        """A pilot with calendar years as its periods: its id, code and ``periods`` by year."""
        applicants = {
            "TOWN": "COMPETENT_DEPARTMENT",
            "BUILDING_NEW": "BUILDING_DEVELOPER",
            "BUILDING_EXISTING": "BUILDING_OPERATOR",
            "TRANSPORT": "TRANSPORT_UNIT",
            "COMMUNITY_URBAN": "RESIDENTS_COMMITTEE",
            "COMMUNITY_RURAL": "VILLAGERS_COMMITTEE",
            "PARK": "PARK_COMMITTEE",
            "ENTERPRISE": "ENTERPRISE_OR_INSTITUTION",
        }
        years = years or (2022, 2023)
        number = next(_numbers)
        establishment = "NEW" if variant == "BUILDING_NEW" else "EXISTING"
        values: dict[str, Any] = {
            "code": f"P-{number}",
            "variant": variant,
            "name": {"zh": f"试点{number}", "en": f"Pilot {number}"},
            "applicantKind": applicants[variant],
            "applicantName": {"zh": "某单位", "en": "Some body"},
            "administrativeDivision": "440100",
            "establishment": establishment,
            "operationStartsOn": "2015-01-01" if establishment == "EXISTING" else None,
            "accountingPeriods": [
                {"startsOn": f"{year}-01-01", "endsOn": f"{year}-12-31"} for year in years
            ],
        } | given
        made = await self.operator.made(
            "registerPilot",
            "pilot { id code accountingPeriods { nodes { id startsOn } } }",
            **values,
        )
        periods = {int(p["startsOn"][:4]): p["id"] for p in made["accountingPeriods"]["nodes"]}
        return {"id": made["id"], "code": made["code"], "periods": periods}

    async def inventory(
        self, pilot: dict[str, Any], year: int = 2022, phase: str | None = None, **given: Any
    ) -> str:
        """A draft inventory of a pilot's year: its id."""
        if phase is None:
            data = await self.anyone.ask(
                "query ($id: ID!) { pilot(by: {id: $id}) { variantTerms { phases } } }",
                id=pilot["id"],
            )
            phase = data["pilot"]["variantTerms"]["phases"][-1]
        values = {
            "pilot": pilot["id"],
            "accountingPeriod": pilot["periods"][year],
            "phase": phase,
            "factorList": f"prov2025-gd-{min(year, 2023)}",
        } | given
        made = await self.operator.made("createInventory", "inventory { id }", **values)
        return str(made["id"])

    async def record(self, inventory: str, *lines: dict[str, Any], sinks: bool = False) -> None:
        verb = "recordSinks" if sinks else "recordEmissionSources"
        field_name = "sinks" if sinks else "sources"
        await self.operator.made(
            verb, "inventory { id }", inventory=inventory, **{field_name: list(lines)}
        )

    async def submit(self, inventory: str, *, verify: bool = True) -> None:
        await self.operator.made("submitInventory", "inventory { id }", inventory=inventory)
        if verify:
            await self.verify(inventory)

    async def verify(self, inventory: str) -> None:
        """Verify it as it is: what has to be acknowledged is."""
        answer = await self.verifier.ask(DOUBTS, id=inventory)
        doubts = {
            w["code"] for w in answer["node"]["allWarnings"]["nodes"] if w["mustBeAcknowledged"]
        }
        said = [{"code": code, "reason": "核实无误"} for code in sorted(doubts)]
        opinion = {"opinion": {"level": "LIMITED", "acknowledged": said}} if said else {}
        await self.verifier.made(
            "verifyInventory", "inventory { id }", inventory=inventory, **opinion
        )

    async def project(
        self, programme: str = "CCER", methodology: str | None = None, **given: Any
    ) -> str:
        """A project enrolled in a programme, by default under a methodology of what it is: its id."""
        number = next(_numbers)
        values = {
            "code": f"J-{number}",
            "name": {"zh": f"项目{number}", "en": f"Project {number}"},
            "forestry": False,
            "site": "Somewhere",
        } | given
        registry = self.registry_of(programme)
        made = await registry.made("registerProject", "project { id }", **values)
        await registry.made(
            "enrolProject",
            "project { id }",
            project=made["id"],
            programme=programme,
            rule={"CCER": "CCER_2023", "PHCER": "PHCER_2022"}[programme],
            number=f"N-{number}",
            registeredOn="2023-11-01",
            methodology=methodology or METHODOLOGIES[bool(values["forestry"])],
        )
        return str(made["id"])

    def registry_of(self, programme: str) -> Caller:
        return {"CCER": self.registry, "PHCER": self.phcer_registry}[programme]

    async def issue(
        self,
        project: str,
        prefix: str,
        first: int = 1,
        last: int = 1000,
        programme: str = "CCER",
        **given: Any,
    ) -> str:
        """A batch held by ``holder``: its id."""
        values = {
            "project": project,
            "programme": programme,
            "serials": {"range": {"prefix": prefix, "first": str(first), "last": str(last)}},
            "quantity": str(last - first + 1),
            "production": of_year(2022),
            "reductionsRegisteredOn": "2024-01-15",
            "holder": self.holder.organisation,
        } | given
        registry = self.registry_of(programme)
        return str((await registry.made("issueCredits", "batch { id }", **values))["id"])

    def retirement(
        self, pilot: dict[str, Any], prefix: str, first: int, last: int, **given: Any
    ) -> dict[str, Any]:
        """The input of a retirement of exact serials for a pilot's year."""
        year = given.pop("year", 2022)
        return {
            "programme": "CCER",
            "serials": {"range": {"prefix": prefix, "first": str(first), "last": str(last)}},
            "pilot": pilot["id"],
            "accountingPeriod": pilot["periods"][year],
            "retiredOn": date(2024, 7, 1).isoformat(),
        } | given

    async def head(self) -> int:
        return int((await self.anyone.ask("{ log { position } }"))["log"]["position"])


async def refused_unchanged(world: World, caller: Caller, verb: str, **given: Any) -> Any:
    """The refusal of a mutation, after which the log stands where it stood."""
    before = await world.head()
    error = await caller.refused(verb, **given)
    assert await world.head() == before, "something was written"
    return error


async def unchanged(world: World, caller: Caller, verb: str, **given: Any) -> tuple[str, list[str]]:
    """How something is refused, and where in its input; nothing is written."""
    error = await refused_unchanged(world, caller, verb, **given)
    return error["code"], error["path"][1:]
