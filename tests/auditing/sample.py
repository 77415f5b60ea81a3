"""A ledger in which everything happened, for what audits look at."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from nzc_api.china_time import CHINA_TIME
from nzc_api.database.engine import Database
from nzc_api.services import Nzc
from tests.auditing.acts import Acts, everything
from tests.auditing.reconciling import handed_in
from tests.evaluation import evaluating
from tests.evidence.test_documents import document
from tests.finance.financing import allocation, ended, financed, pledge
from tests.inventories.test_certificates import BY_MARKET, certificates, green
from tests.management import managing
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.monitoring.explaining import explained_pilot, explaining
from tests.plans.drafting import CONCRETE, approved, completed, package
from tests.proposing import another_key, approve, propose, serials_of
from tests.selection.applying import claimed, decision, judged, opened, submitted
from tests.targets.stating import with_target
from tests.webhooks.registering import every_way
from tests.world import World, part_of

# What positions of a sample are called.
POSITIONS = ("batch", "retired", "used", "open_request", "corrected")
SLIP = {"document": "D", "reason": "slip"}
NEW_NAME = {"zh": "新", "en": "New"}


async def all_happened(world: World, url: str) -> dict[str, int]:
    """Everything, and at which positions some of it did."""
    done = await everything(world)
    await amended(world)
    await registered_twice(world)
    await period_taken_back(world)
    await drafts(world)
    await metered(world)
    await warned(world, url)
    await sink_given_back(world)
    await one_site(world)
    await wrongly(world)
    await certified(world)
    acts = Acts(world, "GD-E")
    in_parts = await acts.request(done["pilot"], 331, 340)
    await acts.confirm(in_parts, quantity="4")
    await by_two_persons(world, done["pilot"])
    aimed = await with_target(world)
    await world.operator.made("attachDocument", "document { id }", **document(aimed["target"]))
    await chosen_and_planned(world, aimed)
    return {name: await position_of(world, done[name]) for name in POSITIONS}


async def amended(world: World) -> None:
    """A pilot, an organisation and a project that have new names, and what a registry said of its own."""
    pilot = await world.pilot()
    for facts in ({"name": NEW_NAME}, {"closedOn": "2023-12-31"}):
        given = {"pilot": pilot["id"], **facts}
        await world.operator.made("amendPilot", "pilot { id }", **given)
    await handed_in(world.registry, "serials,status\nGD-E-1,held\n")
    organisation = {"organisation": world.other_operator.organisation, "name": NEW_NAME}
    await world.administrator.made(
        "amendOrganisation", "organisation { id }", **organisation | SLIP
    )
    project = {"project": await world.project(), "name": NEW_NAME}
    await world.registry.made("amendProject", "project { id }", **project | SLIP)


async def registered_twice(world: World) -> None:
    """A project in two programmes, with a methodology and a crediting period that were stated later, and credits."""
    twin = await world.project()
    registration = {
        "programme": "PHCER",
        "rule": "PHCER_2022",
        "number": "AUDIT-M",
        "registeredOn": "2023-11-01",
    }
    await world.phcer_registry.made("enrolProject", "project { id }", project=twin, **registration)
    methodology = {"project": twin, "methodology": "CCER-01-002-V01"}
    await world.phcer_registry.made("amendProject", "project { id }", **methodology | SLIP)
    days = {"startsOn": "2022-01-01", "endsOn": "2030-12-31"}
    crediting = {"project": twin, "creditingPeriod": {"programme": "CCER", "days": days}}
    renewed = {"document": "D", "reason": "renewed"}
    await world.registry.made("amendProject", "project { id }", **crediting | renewed)
    year = {"startsOn": "2022-01-01", "endsOn": "2022-12-31"}
    await world.issue(twin, "AUDIT-C", 1, 10, production={"monitoringPeriod": year})


async def period_taken_back(world: World) -> None:
    period = (await world.pilot())["periods"][2022]
    await world.operator.made(
        "withdrawAccountingPeriod", "accountingPeriod { id }", accountingPeriod=period
    )


async def chosen_and_planned(world: World, pilot: dict[str, Any]) -> None:
    """An application that was selected, and a measure whose effect was verified; the pilot's potential was analysed,
    and its plan was carried out."""
    application = await opened(world)
    await claimed(world, application, "BUILDING-2", documents=1)
    await submitted(world, application)
    await judged(world, application, "BUILDING-2")
    selected = decision(application, "SELECTED", "CHOSEN")
    await world.regulator.made("decideApplication", "application { id }", **selected)
    measure = await planned(world, pilot["id"])
    await progressed(world, measure, "RUNNING", "2024-03-01")
    await verified_effect(world, measure)
    await analysed(world, pilot)
    for on in ("2024-06-30", "2024-07-31"):
        half = {"pledges": [pledge(measure, "50")], "allocations": [allocation(measure, "1")]}
        await ended(world, await financed(world, pilot["id"], **half), on)
    post = await managing.established(world, pilot["id"])
    await managing.erased(world, await managing.appointed(world, post, on="2023-01-01"))
    await managing.appointed(world, post)
    await managing.assigned(world, pilot["id"])
    await managing.repealed(world, await managing.published(world, pilot["id"]), "2024-06-30")
    await managing.kept_up(world, pilot["id"])
    await every_way(world)
    given = {"packages": [package(measure)], "materials": [CONCRETE]}
    plan = await approved(world, pilot["id"], **given)
    await completed(world, plan)
    await evaluating.all_done(world)


LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "电", "factor": "elec.guangdong.avg.2022",
    "activity": {"value": "1", "unit": "kWh"},
}  # fmt: skip
LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { nodes { id } } } } }"""


async def certified(world: World) -> None:
    """Green power of a plant, and credits of another one."""
    await world.issue(await world.project(siteCode="PV-8"), "GD-V", 1, 10)
    inventory = await world.inventory(await world.pilot("ENTERPRISE", 2022), **BY_MARKET)
    await world.record(inventory, green(certificates("GEC", plant="PV-9")))
    await world.submit(inventory)


async def wrongly(world: World) -> None:
    """An issuance that was withdrawn, and its serials issued again; an invalidation and an export that were taken
    back."""
    project, acts = await world.project(), Acts(world, "GD-W")
    wrong = await world.issue(project, "GD-W", 1, 10)
    await acts.correct(wrong)
    rightly = await world.issue(project, "GD-W", 1, 20)
    await acts.correct(await acts.order("invalidate", 1, 5))
    await acts.correct(await acts.order_batch("invalidate", rightly))
    await acts.correct(await acts.export(rightly))


async def drafts(world: World) -> None:
    """An inventory with an opinion; a draft that was amended twice and its lines once, each way; and one
    that was discarded."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    verified, draft, discarded = [
        await world.inventory(pilot, year, factorList="prov2025-gd-2022")
        for year in (2022, 2023, 2024)
    ]
    await world.record(verified, LINE)
    await world.submit(verified, verify=False)
    await world.record(draft, *[LINE | {"activity": {"value": "1234", "unit": "kWh"}}] * 4)
    found = (await world.operator.ask(LINES, id=draft))["node"]["emissionSources"]["nodes"]

    opinion = {"level": "LIMITED", "findings": ["无"]}
    verify = ("verifyInventory", "inventory { id }")
    await world.verifier.made(*verify, inventory=verified, opinion=opinion)

    async def done(verb: str, **given: Any) -> None:
        await world.operator.made(verb, "inventory { id }", **given)

    await done("amendInventoryLine", line=found[0]["id"], label="一")
    for gwp_set in ("AR6", "SAR"):
        await done("amendInventory", inventory=draft, gwpSet=gwp_set)
    await done("amendInventoryLine", line=found[1]["id"], label="二")
    await done("removeInventoryLine", line=found[2]["id"])
    await world.record(draft, LINE)
    await done("discardInventory", inventory=discarded)


async def metered(world: World) -> None:
    """A meter with readings, one of them corrected, that was exchanged; its sub-meter, with bills; one of three days of
    hours, one of them corrected; one that ended; and two of heat that are handed in."""
    pilot = await world.pilot()
    main, alone = [await meter(world, pilot, code) for code in ("M-1", "ALONE")]
    part = await meter(world, pilot, "M-2", meterKind="BILL", parent=main)
    await read_and_exchanged(world, main)
    await billed(world, part)
    await read_by_the_hour(world, await meter(world, pilot, "M-3", meterKind="INTERVAL"))
    await world.operator.made("endMeter", "meter { id }", meter=alone, validTo="2024-06-30")
    await handed_in_from_meters(world, pilot)
    await denominators(world, pilot)
    baseline = explaining(await explained_pilot(world))
    await world.operator.made("recordEnergyBaseline", "energyBaseline { id }", **baseline)


WHY = {"document": "通知1", "reason": "抄表有误"}


async def meter(world: World, pilot: dict[str, Any], code: str, **given: Any) -> str:
    facts = {"pilot": pilot["id"], "code": code, "carrier": "WATER", "flow": "BOUGHT", "unit": "m3",
             "meterKind": "REGISTER", "supplyPoint": f"SP-{code}", "validFrom": "2024-01-01",
             "maximumPerHour": "100"}  # fmt: skip
    made = await world.operator.made("registerMeter", "meter { id }", **facts | given)
    return str(made["id"])


async def read_and_exchanged(world: World, main: str) -> None:
    def at(day: int) -> str:
        return f"2024-01-{day:02}T00:00:00+08:00"

    readings = [{"meter": main, "at": at(day), "value": str(10 * day)} for day in (1, 10, 20)]
    await world.operator.made("recordReadings", "batch { id }", items=readings)
    corrected = {"meter": main, "startsAt": at(20), "value": "190.50"}
    await world.operator.made("correctReading", "batch { id }", **corrected | WHY)
    exchange = {"at": at(25), "finalValue": "300", "firstValue": "0", "maximumPerHour": "9"}
    await world.operator.made("replaceMeter", "meter { id }", meter=main, **exchange)
    gateway = world.gateway.organisation
    await world.operator.made("assignGateway", "meter { id }", meter=main, gateway=gateway)


async def billed(world: World, part: str) -> None:
    bills = [
        {"meter": part, "firstDay": f"2024-0{n}-01", "lastDay": last, "quantity": "7"}
        for n, last in ((1, "2024-01-31"), (2, "2024-02-29"))
    ]
    await world.operator.made("recordBills", "batch { id }", items=bills)


async def read_by_the_hour(world: World, hourly: str) -> None:
    # So many that a day is a block.
    first = datetime(2024, 1, 15, tzinfo=CHINA_TIME)
    hours = [(first + timedelta(hours=n)).isoformat() for n in range(3 * 24 + 1)]
    intervals = [
        {"meter": hourly, "from": since, "at": until, "value": "7.5"}
        for since, until in pairwise(hours)
    ]
    await world.operator.made("recordReadings", "batch { id }", items=intervals)
    corrected = {"meter": hourly, "startsAt": hours[30], "value": "8"}
    await world.operator.made("correctReading", "batch { id }", **corrected | WHY)


async def handed_in_from_meters(world: World, pilot: dict[str, Any]) -> None:
    heat = {"carrier": "HEAT", "unit": "GJ", "meterKind": "BILL", "validFrom": "2022-01-01"}
    heated = [await meter(world, pilot, code, **heat) for code in ("H-1", "H-2")]
    year = {"firstDay": "2022-01-01", "lastDay": "2022-12-31", "quantity": "7"}
    bills = [{"meter": meter_id, **year} for meter_id in heated]
    await world.operator.made("recordBills", "batch { id }", items=bills)
    inventory = await world.inventory(pilot)
    source = {"category": "ENERGY_CONSUMPTION", "factor": "heat.default"}
    sources = [{"meter": meter_id, **source} for meter_id in heated]
    drafted = {"inventory": inventory, "sources": sources}
    await world.operator.made("draftFromMeters", "inventory { id }", **drafted)
    await world.submit(inventory)


async def denominators(world: World, pilot: dict[str, Any]) -> None:
    area = {"denominatorKind": "FLOOR_AREA", "source": "产权证"}
    first = {"firstDay": "2024-01-01", "lastDay": "2024-12-31"}
    then = {"firstDay": "2025-01-01", "lastDay": "2025-12-31"}
    stated = [*((value, first) for value in ("1000", "1200.5", None, "1100")), ("1300", then)]
    for value, days in stated:
        given = {"pilot": pilot["id"], "value": value} | area | days
        await world.operator.made("recordDenominator", "denominator { id }", **given)


async def warned(world: World, url: str) -> None:
    """A meter of which nothing is known, until something is; and another."""
    pilot = await world.pilot()
    async with Nzc.on(Database(url)).running() as nzc:
        for code in ("G-1", "G-2"):
            last = await meter(world, pilot, code)
        assert await nzc.services.watch.watch() >= 2
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        times = ("2024-01-01T00:00:00+08:00", now.isoformat())
        items = [{"meter": last, "at": at, "value": "1"} for at in times]
        await world.operator.made("recordReadings", "batch { id }", items=items)
        assert await nzc.services.watch.watch() == 1


async def sink_given_back(world: World) -> None:
    """Forestry in a park that lies in a town, whose sink some credits give back."""
    town = await world.pilot("TOWN", 2022)
    park = await world.pilot("PARK", 2022, surroundingPilot=town["id"])
    wood = await world.project(forestry=True, pilot=park["id"])
    await world.issue(wood, "GD-WOOD", 1, 10)
    await world.registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-WOOD-1 to 5"},
        purpose="OWN_SINK", pilot=town["id"], accountingPeriod=town["periods"][2022],
        usedOn="2024-07-01",
    )  # fmt: skip


async def one_site(world: World) -> None:
    """Two projects at one site whose credits are suspected; parts of one issuance, of a project that was found there
    later; a project at a pilot's site, which was found to lie in it and was placed there."""
    one, other = [await world.project(siteCode="AUDIT-1") for _ in range(2)]
    await world.issue(one, "GD-ONE", 1, 10)
    await world.issue(other, "GD-OTHER", 1, 10)
    parts = await world.project()
    for number in (1, 2):
        await world.issue(parts, f"GD-PART{number}", 1, 10, **part_of("DJ-1", 20))
    given = {"project": parts, "siteCode": "AUDIT-1", "document": "D", "reason": "surveyed"}
    await world.registry.made("amendProject", "project { id }", **given)
    inner, pilot = await world.project(siteCode="AUDIT-2"), await world.pilot(siteCode="AUDIT-2")
    grounds = {"document": "粤环函〔2026〕3号", "reason": "现场核实"}
    await world.administrator.made(
        "resolveSameSite",
        "pilot { id }",
        subject=inner,
        pilot=pilot["id"],
        finding="SAME",
        **grounds,
    )
    await world.registry.made(
        "amendProject", "project { id }", project=inner, pilot=pilot["id"], **grounds
    )


async def by_two_persons(world: World, pilot: dict[str, Any]) -> None:
    """A proposal of each kind that was approved, one that was withdrawn, and one that is open."""
    second, _ = await another_key(world, world.registry)
    batch = await world.issue(await world.project(), "GD-TWO", 1, 10)
    await world.issue(await world.project(), "GD-TWO-2", 1, 100)
    slip = world.retirement(pilot, "GD-TWO-2", 1, 10)
    retired = (await world.registry.made("retireCredits", "retirement { id }", **slip))["id"]
    proposals = [
        (await propose(world.registry, **order))["id"]
        for order in (
            {"correctPosting": retired},
            {"invalidateCredits": {"batch": batch}},
            *({"invalidateCredits": serials_of("GD-TWO-2", n, n + 4)} for n in (21, 31, 41)),
        )
    ]
    for proposal in proposals[:3]:
        await approve(second, proposal)
    await second.made("withdrawProposal", "proposal { id }", proposal=proposals[3])


async def position_of(world: World, node: str) -> int:
    query = """query ($id: ID!) { node(id: $id) { ... on CreditBatch { position }
        ... on Retirement { position } ... on CreditUse { position }
        ... on RetirementRequest { position } ... on LedgerPosting { position } } }"""
    return int((await world.anyone.ask(query, id=node))["node"]["position"])
