"""A good input for every verb, as far as access goes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.evaluation import evaluating
from tests.finance import financing
from tests.management import managing
from tests.measures import planning
from tests.metering.test_meters import meter, meter_input
from tests.monitoring.explaining import explained_pilot, explaining
from tests.plans import drafting
from tests.proposing import propose
from tests.selection import applying
from tests.targets.stating import with_target
from tests.webhooks import registering
from tests.world import World, key

TEXT = {"zh": "某", "en": "Some"}
GROUNDS = {"document": "D-1", "reason": "x"}
SERIALS = {"text": "GD-1 to 2"}
HELD = {"serials": {"programme": "CCER", "block": {"text": "GD-HELD-5 to 6"}}}
LINE = {
    "category": "OTHER", "label": "x", "factor": "measured.co2",
    "activity": {"value": "1", "unit": "tCO2"},
}  # fmt: skip
IN_BULK = (
    "issueCredits", "transferCredits", "retireCredits", "requestRetirement", "confirmRetirement",
    "useCredits", "freezeCredits",
)  # fmt: skip


@dataclass(frozen=True)
class Meters:
    """Meters, of which ``read`` has a bill of January 2022, and an inventory that may be drafted from them."""

    register: str
    ended: str
    billed: str
    read: str
    drafted: str


@dataclass(frozen=True)
class Stage:
    """What the inputs are about."""

    pilot: dict[str, Any]
    inventory: str
    project: str
    batch: str
    posting: str
    proposal: str
    requested: dict[str, Any]
    request: str
    aimed: dict[str, Any]
    post: str
    hook: dict[str, Any]
    running: str
    meters: Meters


async def inputs(world: World) -> dict[str, dict[str, Any]]:
    stage = await _staged(world)
    given = {
        **await _organisations(world),
        **await _pilots(world, stage),
        **_inventories(stage),
        **_projects(stage),
        **_credits(world, stage),
        **_meters(world, stage),
        **await _monitoring(world, stage),
        **await _applications(world),
        **await _measures(world, stage),
        **await _plans(world, stage),
        **await _finance(world, stage),
        **await _management(world, stage),
        **await evaluating.every_input(world),
        **_webhooks(stage),
    }
    for verb in IN_BULK:
        item = given[verb] | {"idempotencyKey": key()}
        given[f"{verb}Bulk"] = {"mode": "ALL_OR_NOTHING", "items": [item]}
    return given


async def _staged(world: World) -> Stage:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    project = await world.project()
    batch = await world.issue(project, "GD-HELD")
    retirement = world.retirement(pilot, "GD-HELD", 1, 2)
    posting = (await world.registry.made("retireCredits", "retirement { id }", **retirement))["id"]
    proposal = (await propose(world.registry, correctPosting=posting))["id"]
    requested = world.retirement(pilot, "GD-HELD", 3, 4) | {"expiresAt": soon()}
    del requested["retiredOn"]
    request = (await world.registry.made("requestRetirement", "request { id }", **requested))["id"]
    aimed = await with_target(world)
    post = await managing.established(world, pilot["id"])
    hook = {"webhookEndpoint": await registering.hooked(world)}
    running = await planning.planned(world, pilot["id"])
    await planning.progressed(world, running, "RUNNING", "2024-03-01")
    return Stage(
        pilot=pilot,
        inventory=inventory,
        project=project,
        batch=batch,
        posting=posting,
        proposal=proposal,
        requested=requested,
        request=request,
        aimed=aimed,
        post=post,
        hook=hook,
        running=running,
        meters=await _metered(world, pilot),
    )


async def _metered(world: World, pilot: dict[str, Any]) -> Meters:
    register, ended = [(await meter(world, pilot, code))["id"] for code in ("R-1", "R-2")]
    billed = (await meter(world, pilot, "B-1", meterKind="BILL"))["id"]
    read = (await meter(world, pilot, "B-2", meterKind="BILL", validFrom="2022-01-01"))["id"]
    bill = {"meter": read, "firstDay": "2022-01-01", "lastDay": "2022-01-31", "quantity": "1"}
    await world.operator.made("recordBills", "batch { id }", items=[bill])
    drafted = await world.inventory(pilot)
    gateway = world.gateway.organisation
    for one in (register, billed):
        await world.operator.made("assignGateway", "meter { id }", meter=one, gateway=gateway)
    return Meters(register=register, ended=ended, billed=billed, read=read, drafted=drafted)


def soon() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")


async def world_key(world: World) -> str:
    made = await world.administrator.made(
        "issueApiKey", "apiKey { id }", organisation=world.verifier.organisation, label="x"
    )
    return str(made["id"])


async def _organisations(world: World) -> dict[str, dict[str, Any]]:
    return {
        "registerOrganisation": {"name": TEXT, "role": "VERIFIER"},
        "amendOrganisation": {"organisation": world.holder.organisation} | GROUNDS,
        "issueApiKey": {"organisation": world.holder.organisation, "label": "x"},
        "revokeApiKey": {"apiKey": await world_key(world)},
    }  # fmt: skip


async def _pilots(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    baseline = {
        "accountingPeriod": stage.pilot["periods"][2022],
        "basis": "HISTORICAL",
        "asOf": "1",
    }
    aim = {"baseline": baseline, "ceilings": [{"year": 2030, "netCo2e": "0"}], "routes": ["SINK"]}
    return {
        "registerPilot": {
            "code": key()[:8].upper(), "variant": "TOWN", "name": TEXT,
            "applicantKind": "COMPETENT_DEPARTMENT", "applicantName": TEXT,
            "administrativeDivision": "440100", "establishment": "NEW",
        },
        "recordPilotOverlap": {"pilot": stage.pilot["id"], "other": (await world.pilot())["id"]},
        "amendPilot": {"pilot": stage.pilot["id"], "lineVisibility": "PUBLIC"},
        "placePilot": {"pilot": stage.pilot["id"], "surroundingPilot": None},
        "registerAccountingPeriod": {
            "pilot": stage.pilot["id"], "startsOn": "2030-01-01", "endsOn": "2030-12-31",
        },
        "withdrawAccountingPeriod": {"accountingPeriod": stage.pilot["periods"][2023]},
        "attachDocument": {
            "attachedTo": stage.pilot["id"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
            "mediaType": "application/pdf", "sha256": "a" * 64,
        },
        "recordTarget": aim | {"pilot": stage.pilot["id"]},
        "reviseTarget": aim | {"target": stage.aimed["target"], "revisionReason": "ERROR"},
    }  # fmt: skip


def _inventories(stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "createInventory": {
            "pilot": stage.pilot["id"], "accountingPeriod": stage.pilot["periods"][2023],
            "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2023",
        },
        "recordEmissionSources": {"inventory": stage.inventory, "sources": [LINE]},
        "recordSinks": {"inventory": stage.inventory, "sinks": [LINE]},
        "submitInventory": {"inventory": stage.inventory},
        "verifyInventory": {"inventory": stage.inventory},
        "reviseInventory": {"inventory": stage.inventory},
        "amendInventory": {"inventory": stage.inventory},
        "discardInventory": {"inventory": stage.inventory},
    }  # fmt: skip


def _projects(stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "registerProject": {
            "code": key()[:8].upper(), "name": TEXT, "forestry": False, "site": "x",
        },
        "enrolProject": {
            "project": stage.project, "programme": "CCER", "rule": "CCER_2023", "number": "1",
            "registeredOn": "2024-01-01",
        },
        "amendProject": {"project": stage.project, "siteCode": "S"} | GROUNDS,
        "resolveSameSite": {"subject": stage.project, "pilot": stage.pilot["id"], "finding": "DISTINCT"} | GROUNDS,
        "resolveDoubleIssuance": {"batch": stage.batch, "other": stage.batch, "finding": "DISTINCT"} | GROUNDS,
    }  # fmt: skip


def _credits(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "issueCredits": {
            "project": stage.project, "programme": "CCER", "serials": SERIALS, "quantity": "2",
            "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-01",
            "holder": world.holder.organisation,
        },
        "transferCredits": {
            "programme": "CCER", "serials": SERIALS, "from": world.holder.organisation,
            "to": world.operator.organisation,
        },
        "retireCredits": {
            "programme": "CCER", "serials": SERIALS, "pilot": stage.pilot["id"],
            "accountingPeriod": stage.pilot["periods"][2022], "retiredOn": "2024-07-01",
        },
        "requestRetirement": stage.requested,
        "confirmRetirement": {
            "request": stage.request, "retiredOn": "2024-07-01", "registryReference": "R-1",
        },
        "cancelRetirementRequest": {"request": stage.request},
        "useCredits": {
            "programme": "CCER", "serials": SERIALS, "purpose": "EVENT", "beneficiary": "x",
            "usedOn": "2024-07-01",
        },
        "freezeCredits": {"target": HELD} | GROUNDS,
        "unfreezeCredits": {"target": HELD} | GROUNDS,
        "invalidateCredits": {"target": HELD} | GROUNDS,
        "recordExport": {"batch": stage.batch} | GROUNDS,
        "correctPosting": {"posting": stage.posting} | GROUNDS,
        "proposeOrder": {"order": {"correctPosting": stage.posting}} | GROUNDS,
        "approveProposal": {"proposal": stage.proposal},
        "withdrawProposal": {"proposal": stage.proposal},
    }  # fmt: skip


def _meters(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "registerMeter": meter_input(stage.pilot, "NEW"),
        "placeMeter": {"meter": stage.meters.register},
        "assignGateway": {"meter": stage.meters.ended, "gateway": world.gateway.organisation},
        "endMeter": {"meter": stage.meters.ended, "validTo": "2024-01-31"},
        "replaceMeter": {
            "meter": stage.meters.register, "at": "2024-02-01T00:00:00+08:00", "finalValue": "1", "firstValue": "0",
            "maximumPerHour": "1",
        },
        "draftFromMeters": {
            "inventory": stage.meters.drafted,
            "sources": [{
                "meter": stage.meters.read, "category": "ENERGY_CONSUMPTION", "factor": "elec.guangdong.avg.2022",
            }],
        },
        "recordReadings": {
            "items": [{"meter": stage.meters.register, "at": "2024-01-01T00:00:00+08:00", "value": "1"}],
        },
        "recordBills": {
            "items": [{
                "meter": stage.meters.billed, "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1",
            }],
        },
        "correctReading": {
            "meter": stage.meters.register, "startsAt": "2024-01-01T00:00:00+08:00", "value": "1",
        } | GROUNDS,
        "fillGap": {
            "meter": stage.meters.billed, "firstDay": "2023-06-01", "lastDay": "2023-06-02", "method": "STATED",
            "quantity": "1", "document": "D-1",
        },
    }  # fmt: skip


async def _monitoring(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "recordDenominator": {
            "pilot": stage.pilot["id"], "denominatorKind": "RESIDENTS", "firstDay": "2023-01-01",
            "lastDay": "2023-12-31", "value": "1", "source": "D-1",
        },
        "recordEnergyBaseline": explaining(await explained_pilot(world)),
    }  # fmt: skip


async def _applications(world: World) -> dict[str, dict[str, Any]]:
    return {
        "openApplication": applying.application(),
        "claimCriterion": {
            "application": await applying.opened(world), "criterion": "BUILDING-2", "statement": "见附件",
        },
        "submitApplication": {"application": await applying.opened(world)},
        "withdrawApplication": {"application": await applying.opened(world), "reason": "另行申报"},
        "judgeCriterion": {
            "application": await applying.applied(world), "criterion": "BUILDING-2", "verdict": "MET",
            "reason": "属实",
        },
        "decideApplication": {
            "application": await applying.applied(world), "decision": "RETURNED", "reason": "请补正",
        },
    }  # fmt: skip


async def _measures(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "planMeasure": planning.plan(stage.pilot["id"]),
        "recordMeasureProgress": {
            "measure": await planning.planned(world, stage.pilot["id"]), "state": "BUILT", "on": "2024-01-01",
            "document": "验收单",
        },
        "verifyMeasureEffect": planning.effect(stage.running),
        "writePotentialAnalysis": planning.analysis(stage.aimed),
    }  # fmt: skip


async def _plans(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "draftPlan": {"pilot": (await world.pilot())["id"], "terms": drafting.terms()},
        "revisePlan": {
            "plan": await drafting.drafted(world, stage.aimed["id"]), "terms": drafting.terms(), "reason": "修订",
        },
        "submitPlan": {"plan": await drafting.drafted(world, (await world.pilot())["id"])},
        "approvePlan": {"plan": await drafting.submitted(world, (await world.pilot())["id"])},
        "returnPlan": {"plan": await drafting.submitted(world, (await world.pilot())["id"]), "reason": "请补正"},
        "reachMilestone": drafting.reaching(await drafting.approved(world, (await world.pilot())["id"])),
        "recordCompletion": drafting.building(await drafting.built(world)),
    }  # fmt: skip


async def _finance(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "recordFinancing": financing.financing(stage.pilot["id"]),
        "endFinancing": {
            "financing": await financing.financed(world, stage.pilot["id"]), "on": "2024-06-30", "document": "还款凭证",
        },
    }  # fmt: skip


async def _management(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "establishPost": managing.post(stage.pilot["id"], "ROLES"),
        "appointHolder": managing.appointment(stage.post, on="2024-03-01"),
        "eraseHolderName": {"appointment": await managing.appointed(world, stage.post)},
        "assignDuty": managing.duty(stage.pilot["id"]),
        "publishRule": managing.rule(stage.pilot["id"]),
        "repealRule": {
            "rule": await managing.published(world, stage.pilot["id"]), "on": "2024-06-30", "document": "文件9号",
        },
        "recordUpkeep": managing.upkeep(stage.pilot["id"]),
    }  # fmt: skip


def _webhooks(stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        "createWebhookEndpoint": registering.endpoint(),
        "updateWebhookEndpoint": stage.hook | {"label": "另一个"},
        "disableWebhookEndpoint": stage.hook,
        "enableWebhookEndpoint": stage.hook,
        "rotateWebhookSecret": stage.hook,
        "replayWebhookEndpoint": stage.hook | {"after": "0"},
        "deleteWebhookEndpoint": stage.hook,
    }  # fmt: skip
