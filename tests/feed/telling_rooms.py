"""Something of every kind that events of rooms carry facts of, which only some see, made through the API."""

from typing import Any

from tests.auditing.sample import metered, warned
from tests.evaluation import evaluating
from tests.finance.financing import allocation, ended, financed, pledge
from tests.management import managing
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.metering.test_meters import meter
from tests.monitoring.explaining import explained
from tests.plans.drafting import CONCRETE, approved, completed, package, revised, submitted
from tests.targets.stating import ceilings, terms, with_target
from tests.world import World


async def tell_rooms(world: World, url: str) -> None:
    """Of every room."""
    await metered(world)
    await warned(world, url)
    await explained(world)
    await _filled(world)
    aimed = await with_target(world)
    await _evidenced(world, aimed)
    await analysed(world, aimed)
    await _planned(world, aimed)
    await _managed(world, aimed["id"])
    await evaluating.all_done(world)


async def _evidenced(world: World, aimed: dict[str, Any]) -> None:
    """A document of a target, which was revised."""
    document = {
        "attachedTo": aimed["target"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
        "mediaType": "application/pdf", "sha256": "a" * 64,
    }  # fmt: skip
    await world.operator.made("attachDocument", "document { id }", **document)
    revised_to = terms(aimed, ceilings(("2025", "1"), ("2030", "0")))
    await world.operator.made(
        "reviseTarget",
        "target { id }",
        target=aimed["target"],
        revisionReason="METHOD",
        **revised_to,
    )


async def _planned(world: World, pilot: dict[str, Any]) -> None:
    """A measure that had its effect, paid for with a loan that was repaid; another that excludes it; a plan that was
    carried out and revised, and one that was returned."""
    measure = await planned(world, pilot["id"])
    await progressed(world, measure, "RUNNING", "2024-03-01")
    await verified_effect(world, measure)
    await meter(world, pilot, "LAMPS")
    saving = {"carrier": "ELECTRICITY", "quantity": "5", "unit": "kWh", "price": "0.7"}
    await planned(world, pilot["id"], savings=[saving], excludes=[measure])
    half = {"pledges": [pledge(measure, "50", "2024-01-01", "2024-06-30")], "endsOn": "2024-12-31"}
    lent = await financed(world, pilot["id"], **half, allocations=[allocation(measure, "40000")])
    await ended(world, lent, "2024-05-31")
    planning, other = await world.pilot(), await world.pilot()
    fitted = await planned(world, planning["id"])
    carried_out = await approved(
        world, planning["id"], packages=[package(fitted)], materials=[CONCRETE]
    )
    await completed(world, carried_out)
    await revised(world, carried_out, approve=False)
    returned = await submitted(world, other["id"])
    await world.regulator.made("returnPlan", "plan { id }", plan=returned, reason="缺少预算")


async def _managed(world: World, pilot: str) -> None:
    """A post whose holder's name was erased; a duty, a rule that was repealed, upkeep."""
    post = await managing.established(world, pilot)
    await managing.erased(world, await managing.appointed(world, post, on="2023-01-01"))
    await managing.assigned(world, pilot)
    await managing.repealed(world, await managing.published(world, pilot), "2024-05-31")
    await managing.kept_up(world, pilot)


async def _filled(world: World) -> None:
    """A gap of a meter."""
    billed_meter = await meter(
        world, await world.pilot(), "GAP", meterKind="BILL", validFrom="2023-01-01"
    )
    bill = {
        "meter": billed_meter["id"],
        "firstDay": "2024-01-01",
        "lastDay": "2024-01-31",
        "quantity": "310",
    }
    await world.operator.made("recordBills", "batch { id }", items=[bill])
    given = {"meter": billed_meter["id"], "firstDay": "2024-02-01", "lastDay": "2024-02-03"}
    await world.operator.made(
        "fillGap", "batch { id }", method="DAYS_BEFORE", document="补估说明1", **given
    )
