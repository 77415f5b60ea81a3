"""Right inputs for mutations, into which tests put what is not."""

from collections.abc import Iterator
from typing import Any

from tests.evaluation import evaluating
from tests.right_inputs import crediting, inventories, meters, pilots
from tests.right_inputs.stage import staged
from tests.world import Caller, World


async def right_inputs(world: World) -> dict[str, dict[str, Any]]:
    """An input of each mutation, by its name; a word behind the name tells inputs of one apart.

    Ids of things that are not there do: what is malformed is said before what is not found.
    """
    stage = await staged(world)
    return {
        **crediting.projects(stage),
        **crediting.issuances(world, stage),
        **crediting.credit_orders(world, stage),
        **pilots.organisations(world),
        **pilots.pilots(stage),
        **inventories.inventories(stage),
        **inventories.inventory_lines(stage),
        **await pilots.applications(world),
        **await pilots.measures(world, stage),
        **await pilots.management(world, stage),
        **await evaluating.every_input(world),
        **await pilots.plans(world),
        **meters.meters(world, stage),
        **meters.readings(stage),
        **await meters.webhooks(world, stage),
    }


CALLERS = {
    "registerOrganisation": "administrator", "issueApiKey": "administrator",
    "amendOrganisation": "administrator",
    "resolveDoubleIssuance": "administrator", "registerPilot": "operator",
    "resolveSameSite": "administrator",
    "createInventory": "operator", "recordEmissionSources": "operator", "reviseInventory": "operator",
    "amendInventory": "operator", "amendInventoryLine": "operator",
    "attachDocument": "operator", "recordTarget": "operator", "reviseTarget": "operator",
    "openApplication": "operator", "claimCriterion": "operator", "withdrawApplication": "operator",
    "judgeCriterion": "regulator", "decideApplication": "regulator",
    "planMeasure": "operator", "recordMeasureProgress": "operator", "verifyMeasureEffect": "verifier",
    "writePotentialAnalysis": "operator", "recordFinancing": "operator", "endFinancing": "operator",
    "establishPost": "operator", "appointHolder": "operator", "eraseHolderName": "operator",
    "assignDuty": "operator", "publishRule": "operator", "repealRule": "operator", "recordUpkeep": "operator",
    "draftPlan": "operator", "revisePlan": "operator",
    "openEvaluation": "regulator", "selfEvaluate": "operator", "appointPanel": "regulator",
    "eraseExpertName": "regulator", "recordSiteVisit": "regulator", "scoreItem": "regulator",
    "recordFinding": "regulator", "answerFinding": "operator", "closeFinding": "regulator",
    "decideEvaluation": "regulator", "followUp": "operator",
    "returnPlan": "regulator", "reachMilestone": "operator", "recordCompletion": "operator",
    "createWebhookEndpoint": "holder", "updateWebhookEndpoint": "holder", "rotateWebhookSecret": "holder",
    "replayWebhookEndpoint": "holder",
    "registerAccountingPeriod": "operator", "amendPilot": "operator",
    "verifyInventory": "verifier", "registerMeter": "operator", "placeMeter": "operator",
    "draftFromMeters": "operator", "assignGateway": "operator",
    "endMeter": "operator", "replaceMeter": "operator", "recordReadings": "operator",
    "recordBills": "operator", "correctReading": "operator", "fillGap": "operator",
    "recordDenominator": "operator", "recordEnergyBaseline": "operator",
}  # fmt: skip


def caller_of(world: World, verb: str) -> Caller:
    """Who may do what an input is for."""
    found: Caller = getattr(world, CALLERS.get(verb, "registry"))
    return found


def strings_in(value: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Where the texts are in an input."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from strings_in(item, *path, name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings_in(item, *path, str(index))
    elif isinstance(value, str):
        yield path


def with_value(value: Any, path: tuple[str, ...], put: Any) -> Any:
    if not path:
        return put
    if isinstance(value, list):
        return [with_value(value[0], path[1:], put)]
    return value | {path[0]: with_value(value.get(path[0]), path[1:], put)}
