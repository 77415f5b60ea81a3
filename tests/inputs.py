"""Right inputs for mutations, into which tests put what is not."""

from collections.abc import Iterator
from typing import Any

from tests.evaluation import evaluating
from tests.finance import financing
from tests.management import managing
from tests.measures import planning
from tests.metering import test_meters as metering
from tests.monitoring.explaining import explaining
from tests.plans import drafting
from tests.selection import applying
from tests.webhooks.registering import endpoint, hooked
from tests.world import SINK_BASIS, Caller, World, as_kind

GROUNDS = {"document": "D-1", "reason": "why"}
PART = {"quantity": "factor", "value": "1", "unit": "kgCO2/kWh"}
REPORT = {"number": "HC-1", "dated": "2023-06-01", "sha256": "a" * 64}
LABEL = {
    "code": "CCP", "name": {"zh": "核心碳原则", "en": "Core Carbon Principles"}, "issuedBy": "ICVCM",
    "validFrom": "2024-01-01", "expiresOn": "2026-12-31",
}  # fmt: skip
YEAR = {"startsOn": "2021-01-01", "endsOn": "2021-12-31"}
LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "电", "activity": {"value": "1", "unit": "kWh"},
}  # fmt: skip


def green_power(number: int) -> dict[str, Any]:
    """Why a factor is zero: power of a certificate of its own."""
    basis = {"reason": "GREEN_POWER_CONTRACT", "evidence": "合同"}
    return basis | {"certificates": [certificate(number)]}


def certified(number: int) -> dict[str, Any]:
    """Power at a grid's factor, which a certificate of its own is of."""
    return {"factor": "elec.guangdong.avg.2022", "certificates": [certificate(number)]}


def certificate(number: int) -> dict[str, Any]:
    return {
        "prefix": "GEC-TEXT", "first": str(number), "last": str(number), "mwh": "1",
        "producedFrom": "2022-01-01", "producedTo": "2022-12-31", "plant": "PV-1",
    }  # fmt: skip


RECORDED = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { nodes { id } } sinks { nodes { id } } } } }"""


async def right_inputs(world: World) -> dict[str, dict[str, Any]]:
    """An input of each mutation, by its name; a word behind the name tells inputs of one apart."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    project = await world.project()
    by_market: dict[str, Any] = {"electricityMethod": "MARKET_BASED"}
    inventory = await world.inventory(pilot, **by_market)
    await world.record(inventory, LINE | {"factor": "elec.guangdong.avg.2022"})
    grown = {
        "category": "FORESTRY_SINK", "label": "林", "activity": {"value": "1", "unit": "tCO2"},
        "factor": "measured.co2",
    } | SINK_BASIS  # fmt: skip
    await world.record(inventory, grown, sinks=True)
    oil = {
        "category": "ENERGY_CONSUMPTION", "label": "油", "factor": "prov2025.diesel",
        "activity": {"value": "1", "unit": "L"}, "density": {"value": "0.84", "unit": "kg/L"},
        "dutyUnit": "U-1",
    }  # fmt: skip
    green = LINE | {
        "ownFactor": {
            "name": "自测",
            "source": "report",
            "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
        },
        "zeroFactorBasis": green_power(1),
    }
    created = {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022",
        "covers": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"},
    }  # fmt: skip
    found = await world.operator.ask(RECORDED, id=inventory)
    line = found["node"]["emissionSources"]["nodes"][0]["id"]
    sink = found["node"]["sinks"]["nodes"][0]["id"]
    submitted = await world.inventory(pilot, 2023)
    await world.record(submitted, LINE | {"factor": "elec.guangdong.avg.2023"})
    await world.submit(submitted)
    doubtful = await world.inventory(pilot, 2024)
    await world.record(doubtful, *[LINE | {"factor": "elec.guangdong.avg.2023"}] * 2)
    await world.submit(doubtful, verify=False)
    batch = await world.issue(project, "GD-TEXT")
    metered = (await metering.meter(world, pilot, "M-1"))["id"]
    billed = (await metering.meter(world, pilot, "M-2", meterKind="BILL"))["id"]
    early = {"meterKind": "BILL", "validFrom": "2022-01-01"}
    read = (await metering.meter(world, pilot, "M-3", **early))["id"]
    gas = (await metering.meter(world, pilot, "M-4", carrier="GAS", unit="m3", **early))["id"]
    bill = {"firstDay": "2022-01-01", "lastDay": "2022-12-31", "quantity": "1"}
    bills = [bill | {"meter": meter_id} for meter_id in (read, gas)]
    await world.operator.made("recordBills", "batch { id }", items=bills)
    post = await managing.established(world, pilot["id"])
    running = await planning.planned(world, pilot["id"])
    await planning.progressed(world, running, "RUNNING", "2024-03-01")
    serials = {"programme": "CCER", "serials": {"text": "GD-TEXT-1 to 2"}}
    block = {"prefix": "GD-TEXT", "first": "1", "last": "2"}
    orders = {"target": {"batch": batch}} | GROUNDS
    issue = {
        "project": project, "programme": "CCER", "quantity": "1", "production": {"vintage": 2022},
        "reductionsRegisteredOn": "2024-01-15", "holder": world.holder.organisation,
    }  # fmt: skip
    aim = {
        "baseline": {
            "accountingPeriod": pilot["periods"][2022], "basis": "HISTORICAL", "asOf": "1",
        },
        "ceilings": [{"year": 2030, "netCo2e": "0", "grossCo2e": "1", "creditsQuantity": "1"}],
        "routes": ["SINK"],
    }  # fmt: skip
    # Ids of things that are not there do: what is malformed is said before what is not found.
    request = posting = batch
    return {
        "registerProject": {
            "code": "TEXT", "name": {"zh": "项目", "en": "Project"}, "forestry": False,
            "site": "Guangzhou", "administrativeDivision": "440100", "siteCode": "S-1",
        },
        "enrolProject": {
            "project": project, "programme": "CCER", "rule": "CCER_2023", "number": "N",
            "registeredOn": "2023-11-01", "methodology": "CCER-01-002-V01", "methodologyVersion": "V01",
            "creditingPeriod": YEAR,
            "validation": {"body": {"name": "审定机构", "creditCode": "9144030071526726XG"}, "report": REPORT},
        },
        "issueCredits authority": issue | {
            "serials": {"text": "GD-NEW-1 to 1"},
            "production": {"vintageByAuthority": {"vintage": 2022, "document": "粤环函3号"}},
        },
        "issueCredits": issue | {"serials": {"text": "GD-NEW-1 to 1"}},
        "issueCredits range": issue
        | {"serials": {"range": {"prefix": "GD-NEW", "first": "1", "last": "1"}}},
        "issueCredits period": issue
        | {"serials": {"text": "GD-NEW-1 to 1"}, "production": {"monitoringPeriod": YEAR}},
        "issueCredits certificate": issue | {"certificate": "C-1"},
        "issueCredits verified": issue
        | {
            "serials": {"text": "GD-NEW-1 to 1"},
            "verification": {"body": {"name": "核查机构", "creditCode": "9144030071526726XG"}, "report": REPORT},
            "labels": [LABEL],
        },
        "transferCredits": {
            "programme": "CCER", "serials": {"range": block}, "from": world.holder.organisation,
            "to": world.other_operator.organisation,
        },
        "requestRetirement": {
            "programme": "CCER", "serials": {"range": block}, "pilot": pilot["id"],
            "accountingPeriod": pilot["periods"][2022], "expiresAt": "2024-07-01T00:00:00Z",
        },
        "registerProject coordinates": {
            "code": "TEXT-3", "name": {"zh": "项目", "en": "Project"}, "forestry": False,
            "site": "Guangzhou", "coordinates": {"latitude": "23", "longitude": "113"},
        },
        "retireCredits quantity": {
            "programme": "CCER", "quantity": "1", "holder": world.holder.organisation,
            "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
            "retiredOn": "2024-07-01",
        },
        "retireCredits": world.retirement(pilot, "GD-TEXT", 1, 1, registryReference="R-1"),
        "useCredits": serials | {
            "purpose": "EVENT", "usedOn": "2024-07-01", "beneficiary": "某会议",
            "registryReference": "R-1",
        },
        "freezeCredits": orders,
        "unfreezeCredits": orders,
        "invalidateCredits": orders,
        "recordExport": {"batch": batch} | GROUNDS,
        "resolveDoubleIssuance": {"batch": batch, "other": batch, "finding": "DISTINCT"} | GROUNDS,
        "resolveSameSite": {"subject": project, "pilot": pilot["id"], "finding": "DISTINCT"} | GROUNDS,
        "amendProject": {
            "project": project, "site": "Guangzhou", "administrativeDivision": "440100",
            "coordinates": {"latitude": "23", "longitude": "113"}, "siteCode": "S-1",
            "pilot": pilot["id"], "name": {"zh": "项目", "en": "Project"},
        } | GROUNDS,
        "amendProject methodology": {
            "project": project, "methodology": "CCER-01-002-V01", "methodologyVersion": "V01",
        } | GROUNDS,
        "amendProject crediting": {
            "project": project, "creditingPeriod": {"programme": "CCER", "days": YEAR},
        } | GROUNDS,
        "issueCredits part": issue | {
            "serials": {"text": "GD-NEW-1 to 1"},
            "issuance": {"reference": "DJ-1", "quantity": "1"},
        },
        "registerOrganisation": {
            "name": {"zh": "甲", "en": "A"}, "role": "VERIFIER", "creditCode": "9144030071526726XG",
        },
        "amendOrganisation": {
            "organisation": world.holder.organisation, "name": {"zh": "甲", "en": "A"},
            "creditCode": "9144030071526726XG",
        } | GROUNDS,
        "issueApiKey": {"organisation": world.holder.organisation, "label": "label"},
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
            "pilot": pilot["id"], "name": {"zh": "试点", "en": "Pilot"},
            "applicantName": {"zh": "某单位", "en": "Body"}, "operationStartsOn": "2015-01-01",
            "site": "Guangzhou", "siteCode": "S-2",
            "coordinates": {"latitude": "24", "longitude": "113"},
        },
        "registerAccountingPeriod": {"pilot": pilot["id"]} | YEAR,
        "createInventory": created,
        "createInventory lines": created | {
            "sources": [LINE | {"factor": "elec.guangdong.avg.2022"}], "sinks": [grown],
        },
        "createInventory density": created | {"sources": [oil]},
        "createInventory own": created | {"sources": [green]} | by_market,
        "createInventory certified": created | {"sources": [LINE | certified(6)]},
        "recordEmissionSources": {
            "inventory": inventory, "sources": [LINE | {"factor": "elec.guangdong.avg.2022"}],
        },
        "recordEmissionSources certified": {
            "inventory": inventory, "sources": [LINE | certified(4)],
        },
        "recordEmissionSources density": {
            "inventory": inventory,
            "sources": [oil],
        },
        "recordEmissionSources own": {
            "inventory": inventory,
            "sources": [LINE | {"ownFactor": {
                "name": "自测", "source": "report", "gases": [{"gas": "CO2", "parts": [PART]}],
            }}],
        },
        "attachDocument": {
            "attachedTo": pilot["id"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
            "mediaType": "application/pdf", "sha256": "a" * 64,
        },
        "recordTarget": {"pilot": pilot["id"]} | aim,
        "reviseTarget": {"target": as_kind("Target", batch), "revisionReason": "ERROR"} | aim,
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
        "planMeasure": planning.plan(
            pilot["id"], savings=[planning.SAVING], catalogue="NATIONAL_LOW_CARBON", catalogueItem="第3项",
        ),
        "recordMeasureProgress": {
            "measure": running, "state": "STOPPED", "on": "2024-06-01", "document": "停运单",
        },
        "verifyMeasureEffect": planning.effect(
            running, method="IPMVP_C", rSquared="0.9", cvRmse="0.1", nonRoutine="1"
        ),
        "writePotentialAnalysis": planning.analysis(pilot) | {"asOf": "1"},
        "recordFinancing": financing.financing(
            pilot["id"], allocations=[financing.allocation(running, "1")], pledges=[financing.pledge(running, "1")],
        ),
        "recordFinancing other": financing.financing(pilot["id"], financeProduct="OTHER", productName="债券"),
        "endFinancing": {
            "financing": await financing.financed(world, pilot["id"]), "on": "2024-06-01", "document": "还款凭证",
        },
        "establishPost": managing.post(pilot["id"], "TEXT-POST"),
        "appointHolder": managing.appointment(post, on="2024-03-01"),
        "eraseHolderName": {"appointment": await managing.appointed(world, post)},
        "assignDuty": managing.duty(pilot["id"]),
        "publishRule": managing.rule(pilot["id"], endsOn="2024-12-31"),
        "repealRule": {
            "rule": await managing.published(world, pilot["id"]), "on": "2024-06-30", "document": "文件9号",
        },
        "recordUpkeep": managing.upkeep(pilot["id"]),
        **await evaluating.every_input(world),
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
        "reviseInventory": {"inventory": submitted, "factorList": "prov2025-gd-2023"},
        "recordEmissionSources zero": {
            "inventory": inventory,
            "sources": [green],
        },
        "amendInventory": {
            "inventory": inventory, "factorList": "prov2025-gd-2022",
            "covers": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"},
        },
        "amendInventoryLine": {"line": line, "factor": "elec.guangdong.avg.2022"} | LINE,
        "amendInventoryLine certified": {"line": line} | LINE | certified(5),
        "amendInventoryLine density": {
            "line": line, "factor": "prov2025.diesel",
            "activity": {"value": "1", "unit": "L"}, "density": {"value": "0.84", "unit": "kg/L"},
            "dutyUnit": "U-1",
        },
        "amendInventoryLine own": {
            "line": line, "ownFactor": {
                "name": "自测", "source": "report",
                "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
            },
            "zeroFactorBasis": green_power(2),
        },
        "amendInventoryLine sink": {"line": sink} | SINK_BASIS,
        "verifyInventory": {
            "inventory": doubtful,
            "opinion": {
                "level": "LIMITED", "findings": ["两行数据相同"], "reportHash": "0" * 64,
                "acknowledged": [{"code": "RECORDED_TWICE", "reason": "两台设备"}],
            },
        },
        "registerMeter": metering.meter_input(pilot, "TEXT")
        | {"conditions": {"celsius": "20", "kilopascals": "101.325"}},
        "placeMeter": {"meter": metered, "parent": metered},
        "draftFromMeters": {
            "inventory": inventory, "sources": [{
                "meter": read, "category": "ENERGY_CONSUMPTION", "factor": "elec.guangdong.avg.2022", "label": "x",
            }],
        },
        "draftFromMeters density": {
            "inventory": inventory, "sources": [{
                "meter": gas, "category": "ENERGY_CONSUMPTION", "factor": "prov2025.diesel",
                "density": {"value": "0.84", "unit": "kg/L"},
            }],
        },
        "draftFromMeters own": {
            "inventory": inventory, "sources": [{
                "meter": read, "category": "ENERGY_CONSUMPTION",
                "ownFactor": {
                    "name": "自测", "source": "report",
                    "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
                },
                "zeroFactorBasis": green_power(3),
            }],
        },
        "assignGateway": {"meter": metered, "gateway": world.gateway.organisation},
        "endMeter": {"meter": billed, "validTo": "2024-12-31"},
        "replaceMeter": {
            "meter": metered, "at": "2024-03-01T00:00:00+08:00", "finalValue": "2", "firstValue": "0",
            "maximumPerHour": "315",
        },
        "recordReadings": {
            "items": [{"meter": metered, "at": "2024-01-01T00:00:00+08:00", "value": "1", "unit": "kWh"}],
        },
        "recordBills": {
            "items": [{
                "meter": billed, "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1",
                "unit": "kWh",
            }],
        },
        "correctReading": {
            "meter": billed, "startsAt": "2024-01-01T00:00:00+08:00", "value": "2", "document": "通知1",
            "reason": "抄表有误",
        },
        "fillGap": {
            "meter": billed, "firstDay": "2024-02-01", "lastDay": "2024-02-29", "method": "STATED",
            "quantity": "1", "document": "说明1",
        },
        "recordDenominator": {
            "pilot": pilot["id"], "denominatorKind": "PRODUCT", "product": "水泥 t", "firstDay": "2022-01-01",
            "lastDay": "2022-12-31", "value": "1", "source": "统计报表",
        },
        "recordEnergyBaseline": explaining(pilot, variables=[{"denominatorKind": "PRODUCT", "product": "水泥 t"}]),
        "confirmRetirement": {
            "request": request, "retiredOn": "2024-07-01", "registryReference": "R-1",
        },
        "correctPosting": {"posting": posting} | GROUNDS,
        "createWebhookEndpoint": endpoint(filter={
            "kinds": ["PILOT_OVERLAP_RECORDED"], "pilots": [pilot["id"]], "programmes": ["CCER"],
            "organisations": [world.holder.organisation],
        }),
        "updateWebhookEndpoint": {"webhookEndpoint": await hooked(world)} | endpoint(),
        "rotateWebhookSecret": {"webhookEndpoint": await hooked(world)},
        "replayWebhookEndpoint": {"webhookEndpoint": await hooked(world), "after": "0"},
        "proposeOrder": {"order": {"correctPosting": posting}} | GROUNDS,
    }  # fmt: skip


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
