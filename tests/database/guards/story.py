"""The good state, made through the API. Its story:

Pilots: a building in a park in a town; ``alone`` lies in nothing; ``moving`` lay in nothing
when its credits were issued and lies in the town now. ``closed`` was amended twice: it is called
otherwise, and its last day was that of 2022.

Credits (CCER unless said otherwise), all issued to the holder:

* ``A``, serials 1 to 1000 of a project in no pilot: 1-100 were transferred to the buyer,
  101-200 retired for ``alone`` and 2022, the rest is held.
* ``S``, 1-100 of the same project, in every kind of account: 1-10 are requested for ``alone``
  and 2022, 11-20 were requested and given back, 21-30 requested and confirmed; 31-40 were used
  for an event, 41-50 are frozen, 51-60 were retired and that was corrected, 61-70 are
  invalidated, and 71-100 are held.
* ``B``, 1-100 of a project in the building; ``M``, 1-100 of a project in ``moving``, of which
  1-10 were retired for the town before ``moving`` was placed in it.
* ``G``, 1-100, PHCER.
* ``D``, 1-100, and ``E``, 1-100, PHCER, of one project, ``twin``: perhaps one reduction. ``D2``
  and ``E2`` likewise, and found to be one.
* ``W``, 1-100 of forestry in the building; ``Z``, 1-100 of forestry in no pilot; ``X``, 1-100,
  exported.

Inventories: a draft; one submitted; one verified, with a draft of its next version; one
superseded by a submitted version; one discarded; and a rival draft for the days of the verified one.
Each has a line, and one more that repeats it, of which it is warned.

Meters of ``metered``: ``register`` (5 digits; 100 on the 1st and 200 on the 11th of January 2024, exchanged on
the 21st at 250), of which ``sub`` is a sub-meter and ``subsub`` one of that; ``billed``, with a bill of that
January; ``hourly``, with 10 in each hour of the 15th to the 17th of it, of which on the 16th the one from 5 on was
corrected to 20, and the one from 10 on to nothing; ``untold``, of which no interval is told; ``ended``, which ended
in 2023. ``far`` is a meter of ``alone``.

Proposals of the registry's ``first_key``: ``proposed``, to invalidate the serials of ``S`` that are held,
``proposed_batch``, all of ``S``, and ``proposed_correction``, of ``retired_at``; ``given_up`` was withdrawn, the
time of ``late`` is over. ``orphan`` was made with a key that was revoked since; ``second_key`` is in force.

``aimed`` came to 1,000 t CO2e in 2022 and has a target: 600 in 2026, 0 in 2030. A document is attached to it,
whose bytes were uploaded.

``claiming`` was handed in, and claims power of the plant of ``solar`` by certificates GEC-1 to 10; ``powered``, a
draft, that of the plant of ``wind`` by GEC-11 to 20, for which reductions were issued since.

Measures of ``metered``: ``lamps`` runs since 1 March 2024, and its effect was verified; ``pumps``, which
excludes it and saves electricity, is proposed. ``aside`` is one of ``aimed``, whose potential was analysed.

``lent`` is a loan to ``metered`` of the year 2024: it pays 40,000 of the 41,000 CNY of ``lamps``, and half of its
savings are pledged until 30 June. ``repaid``, for which the other half of the same days was pledged, ended on 31
May.
The plan of ``planning`` is in force, with its measure ``fitted``: all but SITE was reached, and it is built;
``plan_draft`` is its next version. That of ``deciding`` was submitted: ``handed_plan``.

``hook`` is a webhook endpoint of the registry, which was posted something once; ``unhooked``, another, was deleted.

``post`` of ``metered`` is held since 1 January 2024, by ``held``; before that by ``gone``, whose name was erased.
``ruled`` is a rule of the year 2024, ``unruled`` one that was repealed; a unit has a duty, and water was kept up.
``assessed`` runs stably since 31 August 2023, and has a measure, ``remedy``. Its evaluations are of 2022:
``settled`` passed; ``begun`` was only opened; ``judging``, by a scheme that is scored, has two panels, ``former``
and ``jury``, and a visit, an answer to its finding ``told``, and none to ``lacking``, which is major.

Applications of buildings: ``applying`` is open, ``handed_in`` was submitted, ``taken_back`` withdrawn; ``chosen``
was selected, and its pilot is ``elected``. The first three claim something, and ``chosen`` was judged.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from nzc_api.china_time import CHINA_TIME
from nzc_api.database.engine import Database
from nzc_api.log.ids import POSITION_BITS
from nzc_api.schema.kit.ids import decode_id
from nzc_api.services import Nzc
from tests.auditing.reconciling import handed_in
from tests.database.guards.attacks import LOGGED, Connection, Names, fill
from tests.database.guards.good_rows import new
from tests.evaluation import evaluating
from tests.finance.financing import allocation, ended, financed, pledge
from tests.inventories.test_certificates import BY_MARKET, certificates, green
from tests.management import managing
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.monitoring.explaining import explained
from tests.plans.drafting import CONCRETE, approved, completed, package, revised
from tests.plans.drafting import submitted as plan_submitted
from tests.proposing import another_key, propose, serials_of
from tests.selection.applying import applied, claimed, judged, opened
from tests.targets.stating import with_target
from tests.world import World


def position(relay_id: str) -> int:
    """The position at which what an id names was born."""
    decoded = decode_id(relay_id)
    assert decoded is not None
    return decoded[1].int & ((1 << POSITION_BITS) - 1)


async def tell_the_story(world: World, connection: Connection, url: str) -> dict[str, int | str]:
    """Make the good state through the API; the numbers that the attacks call by name."""
    story: dict[str, int | str] = {}
    await _tell_of_credits(world, story)
    await _tell_of_overlap(world, story, connection)
    await _tell_of_inventories(world, story)
    await _tell_of_keys(world, story, connection)
    await _tell_of_closure(world, story)
    await _tell_of_meters(world, story)
    await _tell_of_monitoring(world, story, url)
    await _tell_of_targets(world, story, connection)
    await _tell_of_power(world, story)
    await _tell_of_applications(world, story)
    await _tell_of_measures(world, story)
    await handed_in(world.registry, "serials,status\nGD-E-1,held\n")
    await _tell_of_finance(world, story)
    await _tell_of_management(world, story)
    await _tell_of_plans(world, story)
    await _tell_of_evaluations(world, story)
    await _tell_of_webhooks(world, story, connection)
    # By now the time of ``late`` is over, or it is soon.
    late = int(story.pop("late_until")) - datetime.now(UTC).timestamp()
    await asyncio.sleep(max(0.0, late))
    # The last entry of the log posts nothing; it is younger than every lot.
    quiet = await world.pilot()
    story["quiet"] = max(position(period) for period in quiet["periods"].values())
    story["quiet_pilot"] = position(quiet["id"])
    story["quiet_2022"] = position(quiet["periods"][2022])
    head = await world.head()
    assert story["quiet"] == head
    story |= after(head)
    story |= {"beyond": head + 100, "nobody": 1_000_000_000}
    return story | await _numbers(connection, story)


def after(head: int) -> dict[str, int | str]:
    """The names of the log's last position and of those after it."""
    return {name: head + number for number, name in enumerate(("head", "p", "p2", "p3", "p4"))}


async def _tell_of_credits(world: World, story: dict[str, int | str]) -> None:
    pilots = await _tell_of_pilots(world, story)
    origins = await _tell_of_projects(world, story, pilots)
    ids: dict[str, str] = {}
    for name, (last, programme, origin) in BLOCKS.items():
        given = {"issuance": PARTS} if origin == "project" else {}
        ids[name] = await world.issue(origins[origin], f"GD-{name}", 1, last, programme, **given)
        story[name] = position(ids[name])
    retired = await _tell_of_postings(world, story, pilots, ids)
    await _tell_of_kinds(world, story, pilots["alone"])
    await _tell_of_sites(world, story)
    await _tell_of_methodologies(world)
    await _tell_of_proposals(world, story, ids["S"], retired)
    story |= {
        "holder": position(world.holder.organisation),
        "buyer": position(world.other_operator.organisation),
    }


# Of each block: its last serial, its programme, and which project it is of.
BLOCKS = {
    "A": (1000, "CCER", "project"),
    "B": (100, "CCER", "inner"),
    "M": (100, "CCER", "mover"),
    "G": (100, "PHCER", "green"),
    "S": (100, "CCER", "project"),
    "W": (100, "CCER", "wood"),
    "Z": (100, "CCER", "far_wood"),
    "X": (100, "CCER", "project"),
    "D": (100, "CCER", "twin"),
    "E": (100, "PHCER", "twin"),
    "D2": (100, "CCER", "other_twin"),
    "E2": (100, "PHCER", "other_twin"),
}


async def _tell_of_pilots(world: World, story: dict[str, int | str]) -> dict[str, dict[str, Any]]:
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    building = await world.pilot("BUILDING_EXISTING", surroundingPilot=park["id"])
    alone, moving = await world.pilot(), await world.pilot()
    pilots = {
        "town": town, "park": park, "building": building, "alone": alone, "moving": moving,
    }  # fmt: skip
    for name, pilot in pilots.items():
        story[name] = position(pilot["id"])
        for year, period in pilot["periods"].items():
            story[f"{name}_{year}"] = position(period)
    return pilots


async def _tell_of_projects(
    world: World, story: dict[str, int | str], pilots: dict[str, dict[str, Any]]
) -> dict[str, str]:
    building = pilots["building"]["id"]
    projects = {
        "project": await world.project(),
        "inner": await world.project(pilot=building),
        "mover": await world.project(pilot=pilots["moving"]["id"]),
        "green": await world.project("PHCER"),
        "wood": await world.project(forestry=True, pilot=building),
        "far_wood": await world.project(forestry=True, pilot=None),
        "twin": await twin_project(world, siteCode="SITE-1"),
        "other_twin": await twin_project(world, siteCode="SITE-2"),
    }
    for name in ("project", "inner", "mover", "wood", "twin"):
        story[name] = position(projects[name])
    return projects


async def _tell_of_postings(
    world: World,
    story: dict[str, int | str],
    pilots: dict[str, dict[str, Any]],
    ids: dict[str, str],
) -> str:
    """The retirement of ``A``; and lots by the key that names them: the position they were made at, and which piece."""
    exported = await world.registry.made(
        "recordExport", "posting { id }", batch=ids["X"], **GROUNDS
    )
    await world.administrator.made(
        "resolveDoubleIssuance", "batch { id }", batch=ids["E2"], other=ids["D2"],
        finding="DOUBLE", **GROUNDS,
    )  # fmt: skip
    bought = await world.registry.made(
        "transferCredits", "transfer { id }", **transfer(world, 1, 100)
    )
    retire = ("retireCredits", "retirement { id }")
    slips = [
        world.retirement(pilots["alone"], "GD-A", 101, 200),
        world.retirement(pilots["town"], "GD-M", 1, 10),
    ]
    retired, early = [await world.registry.made(*retire, **slip) for slip in slips]
    moved = {"pilot": pilots["moving"]["id"], "surroundingPilot": pilots["town"]["id"]}
    await world.operator.made("placePilot", "pilot { id }", **moved)
    transferred, retired_at, early_at = (position(x["id"]) for x in (bought, retired, early))
    story |= {
        "transferred": transferred,
        "exported": position(exported["id"]),
        "retired_at": retired_at,
        "issued_lot": f"{story['A']}, 0",
        "bought_lot": f"{transferred}, 0",
        "spent_lot": f"{transferred}, 1",
        "retired_lot": f"{retired_at}, 0",
        "rest": f"{retired_at}, 1",
        "inner_lot": f"{story['B']}, 0",
        "early_at": early_at,
        "early_lot": f"{early_at}, 0",
        "moving_rest": f"{early_at}, 1",
        **{f"{n}_lot": f"{story[n]}, 0" for n in ("W", "Z", "X", "D", "E", "D2", "E2")},
        "green_lot": f"{story['G']}, 0",
    }
    return str(retired["id"])


GROUNDS = {"document": "No. 1", "reason": "so ordered"}

# What the blocks of ``project`` are parts of.
PARTS = {"reference": "DJ-1", "quantity": "100000"}


async def twin_project(world: World, **given: Any) -> str:
    """A project that is registered in two programmes."""
    place = {"latitude": "23.5", "longitude": f"113.{given['siteCode'][-1]}"}
    project = await world.project(
        site=f"Road {given['siteCode']}",
        administrativeDivision="440100",
        coordinates=place,
        **given,
    )
    await world.phcer_registry.made(
        "enrolProject", "project { id }", project=project, programme="PHCER", rule="PHCER_2022",
        number=f"TWIN-{given['siteCode']}", registeredOn="2023-11-01",
    )  # fmt: skip
    return project


async def _tell_of_methodologies(world: World) -> None:
    """One that was stated later, and for which days its reductions are credited."""
    stated = await twin_project(world, siteCode="SITE-4")
    days = {"startsOn": "2020-01-01", "endsOn": "2040-12-31"}
    await world.administrator.made(
        "amendProject", "project { id }", project=stated, methodology="CCER-01-002-V01",
        creditingPeriod={"programme": "CCER", "days": days}, **GROUNDS,
    )  # fmt: skip


async def _tell_of_sites(world: World, story: dict[str, int | str]) -> None:
    """Projects at the sites of pilots: ``lot`` was found distinct from ``house``, of ``plot`` and ``villa`` nothing was
    found yet. And one that was placed in a pilot later."""
    site: dict[str, Any] = {
        "site": "Road 7",
        "coordinates": {"latitude": "22.7", "longitude": "115.7"},
    }
    lot, plot = (
        await world.project(siteCode="SITE-7", **site),
        await world.project(siteCode="SITE-8"),
    )
    house, villa = await world.pilot(siteCode="SITE-7"), await world.pilot(siteCode="SITE-8")
    await world.administrator.made(
        "resolveSameSite",
        "pilot { id }",
        subject=lot,
        pilot=house["id"],
        finding="DISTINCT",
        **GROUNDS,
    )
    await world.registry.made(
        "amendProject",
        "project { id }",
        project=lot,
        pilot=villa["id"],
        name={"zh": "地块", "en": "Lot"},
        **GROUNDS,
    )
    at = {"lot": lot, "plot": plot, "house": house["id"], "villa": villa["id"]}
    story |= {name: position(node) for name, node in at.items()}


async def _tell_of_kinds(world: World, story: dict[str, int | str], alone: dict[str, Any]) -> None:
    """What happened to the serials of ``S``."""

    async def done(verb: str, wanted: str, **given: Any) -> str:
        return str((await world.registry.made(verb, f"{wanted} {{ id }}", **given))["id"])

    def block(first: int, last: int) -> dict[str, Any]:
        return {"range": {"prefix": "GD-S", "first": str(first), "last": str(last)}}

    async def requested(first: int, last: int, prefix: str = "GD-S") -> str:
        given = world.retirement(alone, prefix, first, last)
        del given["retiredOn"]
        given["expiresAt"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        return await done("requestRetirement", "request", **given)

    # Some of a request of other serials was confirmed.
    await world.issue(await world.project(), "GD-P", 1, 10)
    asked = await requested(1, 10, "GD-P")
    await done(
        "confirmRetirement", "retirement", request=asked, retiredOn="2024-07-01",
        registryReference="R-2", quantity="4",
    )  # fmt: skip
    made: dict[str, str] = {
        "requested": await requested(1, 10),
        "cancelled": await requested(11, 20),
    }
    made["given_back"] = await done("cancelRetirementRequest", "posting", request=made["cancelled"])
    asked = await requested(21, 30)
    made["confirmed"] = await done(
        "confirmRetirement", "retirement", request=asked, retiredOn="2024-07-01",
        registryReference="R-1",
    )  # fmt: skip
    made["used"] = await done(
        "useCredits", "use", programme="CCER", serials=block(31, 40), purpose="EVENT",
        beneficiary="A run", usedOn="2024-07-01",
    )  # fmt: skip
    target = {"serials": {"programme": "CCER", "block": block(41, 50)}}
    made["freezing"] = await done("freezeCredits", "posting", target=target, **GROUNDS)
    made["slip"] = await done(
        "retireCredits", "retirement", **world.retirement(alone, "GD-S", 51, 60)
    )
    made["corrected"] = await done("correctPosting", "posting", posting=made["slip"], **GROUNDS)
    target = {"serials": {"programme": "CCER", "block": block(61, 70)}}
    made["invalidation"] = await done("invalidateCredits", "posting", target=target, **GROUNDS)
    at = {name: position(made_id) for name, made_id in made.items()}
    story |= at | {
        "requested_lot": f"{at['requested']}, 0",
        "given_back_lot": f"{at['given_back']}, 0",
        "confirmed_lot": f"{at['confirmed']}, 0",
        "used_lot": f"{at['used']}, 0",
        "frozen_lot": f"{at['freezing']}, 0",
        "invalidated_lot": f"{at['invalidation']}, 0",
        "held_lot": f"{at['invalidation']}, 1",
    }


async def _tell_of_overlap(
    world: World, story: dict[str, int | str], connection: Connection
) -> None:
    """Two pilots that share ground: the API has no verb for it."""
    # The draft of LOGGED is not there yet.
    names = story | after(await world.head()) | {"draft": 0}
    row = new("pilot_overlap", pilot_id="$house", other_id="$villa")
    await connection.execute(fill(f"{LOGGED}; {row}", names))


async def _tell_of_proposals(
    world: World, story: dict[str, int | str], batch: str, retired: str
) -> None:
    _, second = await another_key(world, world.registry)
    gone, gone_key = await another_key(world, world.registry)
    story |= {
        "second_key": position(second),
        "registry": position(world.registry.organisation),
        "green_registry": position(world.phcer_registry.organisation),
    }
    held = serials_of("GD-S", 71, 100)
    until = datetime.now(UTC) + timedelta(seconds=5)
    story["late_until"] = int(until.timestamp()) + 1
    for name, who, order in (
        ("proposed", world.registry, {"invalidateCredits": held}),
        ("proposed_batch", world.registry, {"invalidateCredits": {"batch": batch}}),
        ("proposed_correction", world.registry, {"correctPosting": retired}),
        ("given_up", world.registry, {"invalidateCredits": held}),
        ("late", world.registry, {"invalidateCredits": held, "expiresAt": until.isoformat()}),
        ("orphan", gone, {"invalidateCredits": held}),
    ):
        made = await propose(who, **order)
        story[name] = position(made["id"])
        if name == "given_up":
            await who.made("withdrawProposal", "proposal { id }", proposal=made["id"])
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=gone_key)


def transfer(world: World, first: int, last: int) -> dict[str, Any]:
    """The input of a transfer from the holder to the buyer."""
    return {
        "programme": "CCER",
        "serials": {"range": {"prefix": "GD-A", "first": str(first), "last": str(last)}},
        "from": world.holder.organisation,
        "to": world.other_operator.organisation,
    }


async def _tell_of_inventories(world: World, story: dict[str, int | str]) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    other = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    story |= {"reporter": position(pilot["id"]), "reporter_2022": position(pilot["periods"][2022])}
    story |= {"other_2022": position(other["periods"][2022])}

    async def inventory(year: int, *, whose: dict[str, Any] = pilot) -> str:
        made = await world.inventory(whose, year)
        gas = {
            "category": "ENERGY_CONSUMPTION",
            "label": "气",
            "activity": {"value": "5.123", "unit": "万m³"},
            "factor": "prov2025.natural_gas",
        }
        await world.record(made, gas, gas)
        return made

    async def revise(old: str) -> str:
        made = await world.operator.made("reviseInventory", "inventory { id }", inventory=old)
        return str(made["id"])

    verified = await inventory(2022)
    rival = await inventory(2022)
    await world.submit(verified)
    submitted = await inventory(2023)
    await world.submit(submitted, verify=False)
    superseded = await inventory(2024)
    await world.submit(superseded, verify=False)
    given_up = await inventory(2023, whose=other)
    later = await revise(superseded)
    await world.submit(later, verify=False)
    story |= {
        "draft": position(await inventory(2022, whose=other)),
        "submitted": position(submitted),
        "verified": position(verified),
        "next_version": position(await revise(verified)),
        "superseded": position(superseded),
        "rival": position(rival),
        "verifier": position(world.verifier.organisation),
        "discarded": position(given_up),
    }
    made = ("discardInventory", "inventory { id }")
    await world.operator.made(*made, inventory=given_up)


async def _tell_of_keys(world: World, story: dict[str, int | str], connection: Connection) -> None:
    key = await world.administrator.made(
        "issueApiKey", "apiKey { id }", organisation=world.holder.organisation, label="old"
    )
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=key["id"])
    story["revoked_key"] = position(key["id"])
    await world.administrator.made(
        "issueApiKey", "apiKey { id }", organisation=world.holder.organisation, label="short",
        expiresAt=(datetime.now(UTC) + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    await connection.execute("INSERT INTO api_key_use SELECT min(id), now() FROM api_key")
    in_force = "SELECT min(id) FROM api_key WHERE revoked_position IS NULL"
    story["key"] = await connection.fetchval(in_force)


async def _tell_of_closure(world: World, story: dict[str, int | str]) -> None:
    closed = await world.pilot()
    for facts in ({"name": {"zh": "新", "en": "New"}}, {"closedOn": "2022-12-31"}):
        await world.operator.made("amendPilot", "pilot { id }", pilot=closed["id"], **facts)
    await world.administrator.made(
        "amendOrganisation", "organisation { id }", organisation=world.phcer_registry.organisation,
        creditCode="9144030071526726XG", **GROUNDS,
    )  # fmt: skip
    story["closed"] = position(closed["id"])
    story |= {f"closed_{year}": position(closed["periods"][year]) for year in (2022, 2023)}


async def _tell_of_meters(world: World, story: dict[str, int | str]) -> None:
    metered, other = await world.pilot(), await world.pilot()

    async def meter(name: str, pilot: dict[str, Any] = metered, **given: Any) -> str:
        facts = {"pilot": pilot["id"], "code": name.upper(), "carrier": "ELECTRICITY", "flow": "BOUGHT",
                 "meterKind": "REGISTER", "unit": "kWh", "supplyPoint": f"SP-{name}",
                 "validFrom": "2023-01-01", "maximumPerHour": "100"}  # fmt: skip
        made = await world.operator.made("registerMeter", "meter { id }", **facts | given)
        story[name] = position(made["id"])
        return str(made["id"])

    def at(day: int) -> str:
        return f"2024-01-{day:02}T00:00:00+08:00"

    register = await meter("register", digits=5)
    sub = await meter("sub", parent=register)
    await meter("subsub", parent=sub)
    await meter("ended", validTo="2023-12-31")
    await meter("far", other)
    billed = await meter("billed", meterKind="BILL")
    items = [{"meter": register, "at": at(day), "value": str(10 * day + 90)} for day in (1, 11)]
    await world.operator.made("recordReadings", "batch { id }", items=items)
    exchange = {"at": at(21), "finalValue": "250", "firstValue": "0", "maximumPerHour": "100"}
    await world.operator.made("replaceMeter", "meter { id }", meter=register, **exchange)
    bill = {"meter": billed, "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "310"}
    await world.operator.made("recordBills", "batch { id }", items=[bill])
    await _tell_of_hours(world, await meter("hourly", meterKind="INTERVAL"))
    await meter("untold", meterKind="INTERVAL")
    gateway = world.gateway.organisation
    await world.operator.made("assignGateway", "meter { id }", meter=sub, gateway=gateway)
    story["gateway"] = position(gateway)
    await _tell_of_metered_lines(world, story)
    story["metered"] = position(metered["id"])
    story["metered_id"] = metered["id"]


async def _tell_of_hours(world: World, meter: str) -> None:
    """Of so many that they are written in blocks of a day."""
    first = datetime(2024, 1, 15, tzinfo=CHINA_TIME)
    hours = [(first + timedelta(hours=n)).isoformat() for n in range(3 * 24 + 1)]
    items = [
        {"meter": meter, "from": since, "at": at, "value": "10"} for since, at in pairwise(hours)
    ]
    await world.operator.made("recordReadings", "batch { id }", items=items)
    for hour, value in ((5, "20"), (10, None)):
        slip = {"startsAt": hours[24 + hour], "value": value, **GROUNDS}
        await world.operator.made("correctReading", "batch { id }", meter=meter, **slip)


async def _tell_of_monitoring(world: World, story: dict[str, int | str], url: str) -> None:
    """A denominator; and gaps of meters that were warned of, one of them filled since."""
    pilot = await world.pilot()
    area = {"denominatorKind": "FLOOR_AREA", "firstDay": "2022-01-01", "lastDay": "2022-12-31", "value": "1000",
            "source": "certificate"}  # fmt: skip
    await world.operator.made("recordDenominator", "denominator { id }", pilot=pilot["id"], **area)
    story["explained"] = position(await explained(world))
    facts = {"pilot": pilot["id"], "code": "GAP", "carrier": "ELECTRICITY", "flow": "BOUGHT", "meterKind": "REGISTER",
             "unit": "kWh", "supplyPoint": "SP-GAP", "validFrom": "2024-01-01", "maximumPerHour": "100"}  # fmt: skip
    meter = (await world.operator.made("registerMeter", "meter { id }", **facts))["id"]
    async with Nzc.on(Database(url)).running() as nzc:
        assert await nzc.services.watch.watch() > 1
        late = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        times = ("2024-01-01T00:00:00+08:00", late.isoformat())
        items = [{"meter": meter, "at": at, "value": "1"} for at in times]
        await world.operator.made("recordReadings", "batch { id }", items=items)
        assert await nzc.services.watch.watch() == 1


async def _tell_of_metered_lines(world: World, story: dict[str, int | str]) -> None:
    """A meter of two phases of one pilot: in ``first`` it is handed in, beside ``apart``; ``second`` is a draft.
    ``third``, a draft too, has a meter and another one that was placed in it since."""
    pilot = await world.pilot("BUILDING_NEW", 2022)
    meters: dict[str, str] = {}
    for name in ("both", "apart", "around", "inside"):
        facts = {"pilot": pilot["id"], "code": name.upper(), "carrier": "ELECTRICITY", "flow": "BOUGHT",
                 "meterKind": "BILL", "unit": "kWh", "supplyPoint": f"SP-{name}", "validFrom": "2022-01-01",
                 "maximumPerHour": "100"}  # fmt: skip
        meters[name] = (await world.operator.made("registerMeter", "meter { id }", **facts))["id"]
        story[name] = position(meters[name])
        bill = {
            "meter": meters[name],
            "firstDay": "2022-01-01",
            "lastDay": "2022-12-31",
            "quantity": "7",
        }
        await world.operator.made("recordBills", "batch { id }", items=[bill])
    drafts = {
        "first": ("CONSTRUCTION", "OPERATIONAL", ("both", "apart")),
        "second": ("OPERATION_MAINTENANCE", "OPERATIONAL", ("both",)),
        "third": ("CONSTRUCTION", "PROJECTED", ("around", "inside")),
    }
    inventories: dict[str, str] = {}
    for name, (phase, basis, lines) in drafts.items():
        inventories[name] = await world.inventory(pilot, phase=phase, basis=basis)
        story[name] = position(inventories[name])
        sources = [
            {
                "meter": meters[one],
                "category": "ENERGY_CONSUMPTION",
                "factor": "elec.guangdong.avg.2022",
            }
            for one in lines
        ]
        given = {"inventory": inventories[name], "sources": sources}
        await world.operator.made("draftFromMeters", "inventory { id }", **given)
    await world.submit(inventories["first"])
    placed = {"meter": meters["inside"], "parent": meters["around"]}
    await world.operator.made("placeMeter", "meter { id }", **placed)


async def _tell_of_targets(
    world: World, story: dict[str, int | str], connection: Connection
) -> None:
    aimed = await with_target(world)
    story |= {"aimed": position(aimed["id"]), "target": position(aimed["target"])}
    story |= {f"aimed_{year}": position(aimed["periods"][year]) for year in (2021, 2022)}
    await analysed(world, aimed)
    story["aside"] = position(await planned(world, aimed["id"]))
    bill = {
        "attachedTo": aimed["id"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
        "mediaType": "application/pdf", "sha256": "a" * 64,
    }  # fmt: skip
    made = await world.operator.made("attachDocument", "document { id }", **bill)
    story["document"] = position(made["id"])
    story["operator"] = position(world.operator.organisation)
    await connection.execute(fill(new("upload", sha256="repeat('a', 64)", size="5"), story))


async def _tell_of_power(world: World, story: dict[str, int | str]) -> None:
    solar, wind = await world.project(siteCode="PV-7"), await world.project(siteCode="PV-8")
    story["solar"] = position(solar)
    for name, plant, first in (("claiming", "PV-7", 1), ("powered", "PV-8", 11)):
        inventory = await world.inventory(await world.pilot("ENTERPRISE", 2022), **BY_MARKET)
        await world.record(inventory, green(certificates("GEC", first, first + 9, plant=plant)))
        story[name] = position(inventory)
        query = "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id } } } } }"
        [line] = (await world.operator.ask(query, id=inventory))["node"]["emissionSources"]["nodes"]
        story[f"{name}_line"] = position(line["id"])
        if name == "claiming":
            await world.submit(inventory, verify=False)
    await world.issue(wind, "GD-WIND", 1, 10)


async def _tell_of_applications(world: World, story: dict[str, int | str]) -> None:
    applying, taken_back = await opened(world), await opened(world)
    handed_in, chosen = await applied(world), await applied(world)
    await claimed(world, applying, "BUILDING-3", documents=1)
    await judged(world, chosen, "BUILDING-3")
    grounds = {"reason": "so it is"}
    await world.operator.made(
        "withdrawApplication", "application { id }", application=taken_back, **grounds
    )
    made = await world.regulator.made(
        "decideApplication", "application { pilot { id } }", application=chosen,
        decision="SELECTED", pilotCode="ELECTED", **grounds,
    )  # fmt: skip
    story |= {
        "applying": position(applying), "handed_in": position(handed_in), "chosen": position(chosen),
        "taken_back": position(taken_back), "elected": position(made["pilot"]["id"]),
        "operator": position(world.operator.organisation),
    }  # fmt: skip


async def _tell_of_measures(world: World, story: dict[str, int | str]) -> None:
    metered = str(story["metered_id"])
    lamps = await planned(world, metered)
    await progressed(world, lamps, "RUNNING", "2024-03-01")
    await verified_effect(world, lamps)
    saving = {"carrier": "ELECTRICITY", "quantity": "5", "unit": "kWh", "price": "0.7"}
    pumps = await planned(world, metered, savings=[saving], excludes=[lamps])
    story |= {"lamps": position(lamps), "pumps": position(pumps), "lamps_id": lamps}


async def _tell_of_finance(world: World, story: dict[str, int | str]) -> None:
    metered, lamps = str(story["metered_id"]), str(story.pop("lamps_id"))
    half = {"pledges": [pledge(lamps, "50", "2024-01-01", "2024-06-30")], "endsOn": "2024-12-31"}
    lent = await financed(world, metered, **half, allocations=[allocation(lamps, "40000")])
    repaid = await financed(world, metered, **half)
    await ended(world, repaid, "2024-05-31")
    story |= {"lent": position(lent), "repaid": position(repaid)}


async def _tell_of_management(world: World, story: dict[str, int | str]) -> None:
    metered = str(story.pop("metered_id"))
    post = await managing.established(world, metered)
    gone = await managing.appointed(world, post, on="2023-01-01")
    held = await managing.appointed(world, post)
    await managing.erased(world, gone)
    ruled = await managing.published(world, metered, endsOn="2024-12-31")
    unruled = await managing.published(world, metered)
    await managing.repealed(world, unruled, "2024-05-31")
    await managing.assigned(world, metered)
    await managing.kept_up(world, metered)
    ids = {"post": post, "gone": gone, "held": held, "ruled": ruled, "unruled": unruled}
    story |= {name: position(node) for name, node in ids.items()}


async def _tell_of_webhooks(
    world: World, story: dict[str, int | str], connection: Connection
) -> None:
    given = {
        "url": "https://hooks.example/1",
        "label": "x",
        "filter": {"kinds": ["PILOT_OVERLAP_RECORDED"]},
    }
    made = "webhookEndpoint { id }"
    hook, unhooked = [
        (await world.registry.made("createWebhookEndpoint", made, **given))["id"] for _ in range(2)
    ]
    await world.registry.made("deleteWebhookEndpoint", made, webhookEndpoint=unhooked)
    await world.registry.made("rotateWebhookSecret", made, webhookEndpoint=hook)
    story |= {"hook": position(hook), "unhooked": position(unhooked)}
    # It follows what does not happen: as if something had been posted to it.
    await connection.execute(fill(new("webhook_delivery", number="7"), story))


async def _tell_of_plans(world: World, story: dict[str, int | str]) -> None:
    planning, deciding = await world.pilot(), await world.pilot()
    fitted = await planned(world, planning["id"])
    given = {"packages": [package(fitted)], "materials": [CONCRETE]}
    in_force = await approved(world, planning["id"], **given)
    await completed(world, in_force)
    story |= {
        "planning": position(planning["id"]), "deciding": position(deciding["id"]), "fitted": position(fitted),
        "plan_in_force": position(in_force), "plan_draft": position(await revised(world, in_force, approve=False)),
        "handed_plan": position(await plan_submitted(world, deciding["id"])),
    }  # fmt: skip


async def _tell_of_evaluations(world: World, story: dict[str, int | str]) -> None:
    assessed = await evaluating.stable(world)
    settled = await evaluating.ready(world, assessed)
    finding_of = position(await evaluating.found(world, settled, "ADVICE"))
    await evaluating.decided(world, settled)
    begun = await evaluating.opened(world, assessed)
    judging = await evaluating.ready(world, assessed, **evaluating.scored("SZ_ROUTINE"))
    former = await world.head() - 1
    await evaluating.empanelled(world, judging)
    jury = await world.head()
    told, lacking = (
        await evaluating.found(world, judging, "MINOR"),
        await evaluating.found(world, judging),
    )
    await evaluating.answered(world, told)
    second = evaluating.scoring(judging, 2)
    await world.regulator.made("scoreItem", "evaluation { id }", **second)
    remedy = await planned(world, assessed["id"])
    follows = {"evaluation": settled, "measure": remedy}
    await world.operator.made("followUp", "evaluation { id }", **follows)
    story |= {
        "assessed": position(assessed["id"]), "assessed_2022": position(assessed["periods"][2022]),
        "settled": position(settled), "settled_finding": finding_of, "begun": position(begun),
        "judging": position(judging), "former": former, "jury": jury, "told": position(told),
        "lacking": position(lacking), "remedy": position(remedy),
    }  # fmt: skip


async def _numbers(connection: Connection, story: Names) -> dict[str, int | str]:
    """The numbers that only the tables know: accounts and lines."""
    queries = {
        "issuance": "SELECT id FROM account WHERE kind = 'ISSUANCE' AND programme = 'CCER'",
        "green_issuance": "SELECT id FROM account WHERE kind = 'ISSUANCE' AND programme = 'PHCER'",
        "holding": "SELECT id FROM account WHERE kind = 'HOLDING' AND organisation_id = $holder"
        " AND programme = 'CCER'",
        "green_holding": "SELECT id FROM account WHERE kind = 'HOLDING'"
        " AND organisation_id = $holder AND programme = 'PHCER'",
        "buying": "SELECT id FROM account WHERE organisation_id = $buyer",
        "retirement": "SELECT id FROM account WHERE kind = 'RETIREMENT' AND pilot_id = $alone",
        "town_retirement": "SELECT id FROM account WHERE pilot_id = $town",
        "pending": "SELECT id FROM account WHERE kind = 'PENDING'",
        "use": "SELECT id FROM account WHERE kind = 'OTHER_USE'",
        "frozen": "SELECT id FROM account WHERE kind = 'FROZEN'",
        "invalidated": "SELECT id FROM account WHERE kind = 'INVALIDATED'",
        "account": "SELECT max(id) + 1 FROM account",
        "first_key": "SELECT min(id) FROM api_key WHERE organisation_id = $registry",
        "green_key": "SELECT min(id) FROM api_key WHERE organisation_id = $green_registry",
        "unsaid": "SELECT id FROM enrolment WHERE project_id = $twin AND methodology IS NULL",
        "said": "SELECT id FROM enrolment WHERE project_id = $twin AND methodology IS NOT NULL",
        "enrolled": "SELECT id FROM enrolment WHERE project_id = $project AND programme = 'CCER'",
        "line": "SELECT min(id) FROM inventory_line WHERE inventory_id = $draft",
        "submitted_line": "SELECT min(id) FROM inventory_line WHERE inventory_id = $submitted",
        "verified_line": "SELECT min(id) FROM inventory_line WHERE inventory_id = $verified",
        "discarded_line": "SELECT min(id) FROM inventory_line WHERE inventory_id = $discarded",
        "rival_line": "SELECT min(id) FROM inventory_line WHERE inventory_id = $rival",
        "repeated": "SELECT max(id) FROM inventory_line WHERE inventory_id = $draft",
    }
    found = {name: await connection.fetchval(fill(sql, story)) for name, sql in queries.items()}
    assert None not in found.values(), found
    return found
