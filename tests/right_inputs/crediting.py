"""Inputs about projects and their credits."""

from typing import Any

from tests.right_inputs.stage import GROUNDS, YEAR, Stage
from tests.world import World

REPORT = {"number": "HC-1", "dated": "2023-06-01", "sha256": "a" * 64}
LABEL = {
    "code": "CCP", "name": {"zh": "核心碳原则", "en": "Core Carbon Principles"}, "issuedBy": "ICVCM",
    "validFrom": "2024-01-01", "expiresOn": "2026-12-31",
}  # fmt: skip


def projects(stage: Stage) -> dict[str, dict[str, Any]]:
    """Projects, their registrations and sites."""
    return {
        "registerProject": {
            "code": "TEXT", "name": {"zh": "项目", "en": "Project"}, "forestry": False,
            "site": "Guangzhou", "administrativeDivision": "440100", "siteCode": "S-1",
        },
        "registerProject coordinates": {
            "code": "TEXT-3", "name": {"zh": "项目", "en": "Project"}, "forestry": False,
            "site": "Guangzhou", "coordinates": {"latitude": "23", "longitude": "113"},
        },
        "enrolProject": {
            "project": stage.project, "programme": "CCER", "rule": "CCER_2023", "number": "N",
            "registeredOn": "2023-11-01", "methodology": "CCER-01-002-V01", "methodologyVersion": "V01",
            "creditingPeriod": YEAR,
            "validation": {"body": {"name": "审定机构", "creditCode": "9144030071526726XG"}, "report": REPORT},
        },
        "resolveSameSite": {"subject": stage.project, "pilot": stage.pilot["id"], "finding": "DISTINCT"} | GROUNDS,
        "amendProject": {
            "project": stage.project, "site": "Guangzhou", "administrativeDivision": "440100",
            "coordinates": {"latitude": "23", "longitude": "113"}, "siteCode": "S-1",
            "pilot": stage.pilot["id"], "name": {"zh": "项目", "en": "Project"},
        } | GROUNDS,
        "amendProject methodology": {
            "project": stage.project, "methodology": "CCER-01-002-V01", "methodologyVersion": "V01",
        } | GROUNDS,
        "amendProject crediting": {
            "project": stage.project, "creditingPeriod": {"programme": "CCER", "days": YEAR},
        } | GROUNDS,
    }  # fmt: skip


def issuances(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """Issuances of credits, in every way in which their serials and days are stated."""
    issue = {
        "project": stage.project, "programme": "CCER", "quantity": "1", "production": {"vintage": 2022},
        "reductionsRegisteredOn": "2024-01-15", "holder": world.holder.organisation,
    }  # fmt: skip
    return {
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
        "issueCredits part": issue | {
            "serials": {"text": "GD-NEW-1 to 1"},
            "issuance": {"reference": "DJ-1", "quantity": "1"},
        },
    }  # fmt: skip


def credit_orders(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """What is done to credits that were issued."""
    serials = {"programme": "CCER", "serials": {"text": "GD-TEXT-1 to 2"}}
    block = {"prefix": "GD-TEXT", "first": "1", "last": "2"}
    orders = {"target": {"batch": stage.batch}} | GROUNDS
    return {
        "transferCredits": {
            "programme": "CCER", "serials": {"range": block}, "from": world.holder.organisation,
            "to": world.other_operator.organisation,
        },
        "requestRetirement": {
            "programme": "CCER", "serials": {"range": block}, "pilot": stage.pilot["id"],
            "accountingPeriod": stage.pilot["periods"][2022], "expiresAt": "2024-07-01T00:00:00Z",
        },
        "retireCredits quantity": {
            "programme": "CCER", "quantity": "1", "holder": world.holder.organisation,
            "pilot": stage.pilot["id"], "accountingPeriod": stage.pilot["periods"][2022],
            "retiredOn": "2024-07-01",
        },
        "retireCredits": world.retirement(stage.pilot, "GD-TEXT", 1, 1, registryReference="R-1"),
        "useCredits": serials | {
            "purpose": "EVENT", "usedOn": "2024-07-01", "beneficiary": "某会议",
            "registryReference": "R-1",
        },
        "freezeCredits": orders,
        "unfreezeCredits": orders,
        "invalidateCredits": orders,
        "recordExport": {"batch": stage.batch} | GROUNDS,
        "resolveDoubleIssuance": {"batch": stage.batch, "other": stage.batch, "finding": "DISTINCT"} | GROUNDS,
        "confirmRetirement": {
            "request": stage.batch, "retiredOn": "2024-07-01", "registryReference": "R-1",
        },
        "correctPosting": {"posting": stage.batch} | GROUNDS,
        "proposeOrder": {"order": {"correctPosting": stage.batch}} | GROUNDS,
    }  # fmt: skip
