"""Inputs about pilots, and what is theirs."""

from typing import Any

from tests.finance import financing
from tests.management import managing
from tests.measures import planning
from tests.plans import drafting
from tests.right_inputs.stage import GROUNDS, YEAR, Stage
from tests.selection import applying
from tests.world import World, as_kind


def organisations(world: World) -> dict[str, dict[str, Any]]:
    """Organisations and their keys."""
    return {
        "registerOrganisation": {
            "name": {"zh": "甲", "en": "A"}, "role": "VERIFIER", "creditCode": "9144030071526726XG",
        },
        "amendOrganisation": {
            "organisation": world.holder.organisation, "name": {"zh": "甲", "en": "A"},
            "creditCode": "9144030071526726XG",
        } | GROUNDS,
        "issueApiKey": {"organisation": world.holder.organisation, "label": "label"},
    }  # fmt: skip


def pilots(stage: Stage) -> dict[str, dict[str, Any]]:
    """Pilots, their periods, documents and targets."""
    aim = {
        "baseline": {
            "accountingPeriod": stage.pilot["periods"][2022], "basis": "HISTORICAL", "asOf": "1",
        },
        "ceilings": [{"year": 2030, "netCo2e": "0", "grossCo2e": "1", "creditsQuantity": "1"}],
        "routes": ["SINK"],
    }  # fmt: skip
    return {
        "registerPilot": {
            "code": "TEXT", "variant": "BUILDING_EXISTING", "name": {"zh": "试点", "en": "Pilot"},
            "applicantKind": "BUILDING_OPERATOR", "applicantName": {"zh": "某单位", "en": "Body"},
            "administrativeDivision": "440100", "establishment": "EXISTING",
            "operationStartsOn": "2015-01-01", "accountingPeriods": [],
            "site": "Guangzhou", "siteCode": "S-3",
        },
        "registerPilot period": {
            "code": "TEXT-2", "variant": "BUILDING_EXISTING", "name": {"zh": "试点", "en": "Pilot"},
            "applicantKind": "BUILDING_OPERATOR", "applicantName": {"zh": "某单位", "en": "Body"},
            "administrativeDivision": "440100", "establishment": "EXISTING",
            "operationStartsOn": "2015-01-01", "accountingPeriods": [YEAR],
        },
        "amendPilot": {
            "pilot": stage.pilot["id"], "name": {"zh": "试点", "en": "Pilot"},
            "applicantName": {"zh": "某单位", "en": "Body"}, "operationStartsOn": "2015-01-01",
            "site": "Guangzhou", "siteCode": "S-2",
            "coordinates": {"latitude": "24", "longitude": "113"},
        },
        "registerAccountingPeriod": {"pilot": stage.pilot["id"]} | YEAR,
        "attachDocument": {
            "attachedTo": stage.pilot["id"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
            "mediaType": "application/pdf", "sha256": "a" * 64,
        },
        "recordTarget": {"pilot": stage.pilot["id"]} | aim,
        "reviseTarget": {"target": as_kind("Target", stage.batch), "revisionReason": "ERROR"} | aim,
    }  # fmt: skip


async def applications(world: World) -> dict[str, dict[str, Any]]:
    """Applications, and what is decided of them."""
    return {
        "openApplication": applying.application(boundary={
            "words": "红线内", "hectares": "1",
            "outline": [{"latitude": n, "longitude": "113"} for n in ("23", "24", "25")],
        }),
        "claimCriterion": {
            "application": await applying.opened(world), "criterion": "BUILDING-2", "statement": "见附件",
            "documents": [applying.document()],
        },
        "withdrawApplication": {
            "application": await applying.opened(world), "reason": "另行申报",
        },
        "judgeCriterion": {
            "application": await applying.applied(world), "criterion": "BUILDING-2", "verdict": "MET",
            "reason": "属实",
        },
        "decideApplication": {
            "application": await applying.applied(world), "decision": "SELECTED", "reason": "属实",
            "pilotCode": "TEXT-9",
        },
    }  # fmt: skip


async def measures(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """Measures, and how they are paid for."""
    return {
        "planMeasure": planning.plan(
            stage.pilot["id"], savings=[planning.SAVING], catalogue="NATIONAL_LOW_CARBON", catalogueItem="第3项",
        ),
        "recordMeasureProgress": {
            "measure": stage.running, "state": "STOPPED", "on": "2024-06-01", "document": "停运单",
        },
        "verifyMeasureEffect": planning.effect(
            stage.running, method="IPMVP_C", rSquared="0.9", cvRmse="0.1", nonRoutine="1"
        ),
        "writePotentialAnalysis": planning.analysis(stage.pilot) | {"asOf": "1"},
        "recordFinancing": financing.financing(
            stage.pilot["id"], allocations=[financing.allocation(stage.running, "1")],
            pledges=[financing.pledge(stage.running, "1")],
        ),
        "recordFinancing other": financing.financing(stage.pilot["id"], financeProduct="OTHER", productName="债券"),
        "endFinancing": {
            "financing": await financing.financed(world, stage.pilot["id"]), "on": "2024-06-01", "document": "还款凭证",
        },
    }  # fmt: skip


async def management(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """How a pilot is managed."""
    return {
        "establishPost": managing.post(stage.pilot["id"], "TEXT-POST"),
        "appointHolder": managing.appointment(stage.post, on="2024-03-01"),
        "eraseHolderName": {"appointment": await managing.appointed(world, stage.post)},
        "assignDuty": managing.duty(stage.pilot["id"]),
        "publishRule": managing.rule(stage.pilot["id"], endsOn="2024-12-31"),
        "repealRule": {
            "rule": await managing.published(world, stage.pilot["id"]), "on": "2024-06-30", "document": "文件9号",
        },
        "recordUpkeep": managing.upkeep(stage.pilot["id"]),
    }  # fmt: skip


async def plans(world: World) -> dict[str, dict[str, Any]]:
    """Plans, and what is built."""
    return {
        "draftPlan": {
            "pilot": (await world.pilot())["id"],
            "terms": drafting.terms(milestones=[drafting.ROOF], materials=[drafting.CONCRETE]),
        },
        "revisePlan": {
            "plan": await drafting.drafted(world, (await world.pilot())["id"]), "reason": "补充预算依据",
            "terms": drafting.terms(milestones=[drafting.ROOF], materials=[drafting.CONCRETE]),
        },
        "returnPlan": {
            "plan": await drafting.submitted(world, (await world.pilot())["id"]), "reason": "补充预算依据",
        },
        "reachMilestone": drafting.reaching(await drafting.approved(world, (await world.pilot())["id"])),
        "recordCompletion": drafting.building(await drafting.built(world)),
    }  # fmt: skip
