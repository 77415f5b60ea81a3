"""The log as a feed, as GraphQL."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from nzc_api.ids import Position
from nzc_api.log import model as domain
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear
from nzc_api.schema.kit.nodes import OF_EVERY_KIND, OF_ONE_KIND, Node, find_node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation

# Of which type of node the subject of an entry is.
SUBJECTS: Mapping[EntryKind, str] = {
    EntryKind.ORGANISATION_REGISTERED: "Organisation",
    EntryKind.ORGANISATION_AMENDED: "Organisation",
    EntryKind.API_KEY_ISSUED: "ApiKey",
    EntryKind.API_KEY_REVOKED: "ApiKey",
    EntryKind.API_KEY_EXPIRY_SET: "ApiKey",
    **{kind: "WebhookEndpoint" for kind in EntryKind if kind.startswith("WEBHOOK_")},
    EntryKind.PILOT_REGISTERED: "Pilot",
    EntryKind.PILOT_AMENDED: "Pilot",
    EntryKind.PILOT_PLACED: "Pilot",
    EntryKind.PILOT_OVERLAP_RECORDED: "Pilot",
    EntryKind.ACCOUNTING_PERIOD_REGISTERED: "AccountingPeriod",
    EntryKind.ACCOUNTING_PERIOD_WITHDRAWN: "AccountingPeriod",
    EntryKind.INVENTORY_CREATED: "Inventory",
    EntryKind.EMISSION_SOURCE_RECORDED: "EmissionSource",
    EntryKind.SINK_RECORDED: "Sink",
    EntryKind.INVENTORY_LINE_AMENDED: "Inventory",
    EntryKind.INVENTORY_LINE_REMOVED: "Inventory",
    EntryKind.INVENTORY_AMENDED: "Inventory",
    EntryKind.INVENTORY_DISCARDED: "Inventory",
    EntryKind.INVENTORY_SUBMITTED: "Inventory",
    EntryKind.INVENTORY_VERIFIED: "Inventory",
    EntryKind.METER_REGISTERED: "Meter",
    EntryKind.METER_PLACED: "Meter",
    EntryKind.METER_REPLACED: "Meter",
    EntryKind.METER_ENDED: "Meter",
    EntryKind.GATEWAY_ASSIGNED: "Meter",
    EntryKind.READINGS_RECORDED: "ReadingBatch",
    EntryKind.READING_CORRECTED: "ReadingBatch",
    EntryKind.MONITORING_ALERT_RAISED: "MonitoringAlert",
    EntryKind.MONITORING_ALERT_CLEARED: "MonitoringAlert",
    EntryKind.GAP_FILLED: "ReadingBatch",
    EntryKind.DENOMINATOR_RECORDED: "Denominator",
    EntryKind.ENERGY_BASELINE_RECORDED: "EnergyBaseline",
    EntryKind.DOCUMENT_ATTACHED: "Document",
    EntryKind.TARGET_RECORDED: "Target",
    EntryKind.TARGET_REVISED: "Target",
    EntryKind.APPLICATION_OPENED: "Application",
    EntryKind.CRITERION_CLAIMED: "Application",
    EntryKind.APPLICATION_SUBMITTED: "Application",
    EntryKind.APPLICATION_WITHDRAWN: "Application",
    EntryKind.CRITERION_JUDGED: "Application",
    EntryKind.APPLICATION_DECIDED: "Application",
    EntryKind.MEASURE_PLANNED: "Measure",
    EntryKind.MEASURE_PROGRESS_RECORDED: "Measure",
    EntryKind.MEASURE_EFFECT_VERIFIED: "Measure",
    EntryKind.POTENTIAL_ANALYSED: "PotentialAnalysis",
    EntryKind.FINANCING_RECORDED: "Financing",
    EntryKind.FINANCING_ENDED: "Financing",
    EntryKind.POST_ESTABLISHED: "Post",
    EntryKind.HOLDER_APPOINTED: "Appointment",
    EntryKind.HOLDER_NAME_ERASED: "Appointment",
    EntryKind.DUTY_ASSIGNED: "Duty",
    EntryKind.RULE_PUBLISHED: "ManagementRule",
    EntryKind.RULE_REPEALED: "ManagementRule",
    EntryKind.UPKEEP_RECORDED: "Upkeep",
    EntryKind.PLAN_DRAFTED: "Plan",
    EntryKind.PLAN_REVISED: "Plan",
    EntryKind.PLAN_SUBMITTED: "Plan",
    EntryKind.PLAN_APPROVED: "Plan",
    EntryKind.PLAN_RETURNED: "Plan",
    EntryKind.MILESTONE_REACHED: "Plan",
    EntryKind.COMPLETION_RECORDED: "Plan",
    EntryKind.EVALUATION_OPENED: "Evaluation",
    EntryKind.EVALUATION_SELF_EVALUATED: "Evaluation",
    EntryKind.EVALUATION_PANEL_APPOINTED: "Evaluation",
    EntryKind.EXPERT_NAME_ERASED: "Evaluation",
    EntryKind.EVALUATION_SITE_VISITED: "Evaluation",
    EntryKind.EVALUATION_ITEM_SCORED: "Evaluation",
    EntryKind.FINDING_RECORDED: "EvaluationFinding",
    EntryKind.FINDING_ANSWERED: "EvaluationFinding",
    EntryKind.FINDING_CLOSED: "EvaluationFinding",
    EntryKind.EVALUATION_DECIDED: "Evaluation",
    EntryKind.EVALUATION_FOLLOWED_UP: "Evaluation",
    EntryKind.PROJECT_REGISTERED: "Project",
    EntryKind.PROJECT_ENROLLED: "Project",
    EntryKind.PROJECT_AMENDED: "Project",
    EntryKind.PROJECT_SITE_RESOLVED: "Project",
    EntryKind.PILOT_SITE_STATED: "Pilot",
    EntryKind.PILOT_SITE_RESOLVED: "Pilot",
    EntryKind.CREDITS_ISSUED: "CreditBatch",
    EntryKind.CREDITS_TRANSFERRED: "CreditTransfer",
    EntryKind.CREDITS_RETIRED: "Retirement",
    EntryKind.RETIREMENT_REQUESTED: "RetirementRequest",
    EntryKind.RETIREMENT_REQUEST_CANCELLED: "LedgerPosting",
    EntryKind.RETIREMENT_REQUEST_EXPIRED: "LedgerPosting",
    EntryKind.CREDITS_USED: "CreditUse",
    EntryKind.CREDITS_FROZEN: "LedgerPosting",
    EntryKind.CREDITS_UNFROZEN: "LedgerPosting",
    EntryKind.CREDITS_INVALIDATED: "LedgerPosting",
    EntryKind.BATCH_FROZEN: "CreditBatch",
    EntryKind.BATCH_UNFROZEN: "CreditBatch",
    EntryKind.BATCH_INVALIDATED: "CreditBatch",
    EntryKind.BATCH_EXPORTED: "CreditBatch",
    EntryKind.POSTING_CORRECTED: "LedgerPosting",
    EntryKind.ORDER_PROPOSED: "Proposal",
    EntryKind.PROPOSAL_WITHDRAWN: "Proposal",
    EntryKind.DOUBLE_ISSUANCE_RESOLVED: "CreditBatch",
    EntryKind.REGISTRY_LIST_RECONCILED: "Reconciliation",
}

KnownLog = Annotated[
    str | None,
    argument(
        "The log that `after` is a position of, as `LogHead.logId` said: refused with LOG_REPLACED where "
        "this is another one. Default: not asked."
    ),
]


@strawberry.type(description="An accepted change: an entry of the one log, at its position.")
class Event:
    domain: strawberry.Private[domain.Entry]

    @property
    def known_by(self) -> Hashable:
        """What of it those are shown alike who ask the same."""
        return self.domain.position

    position = attribute(
        BigInt, "position", "Its position: 1, 2, 3, … without a gap. Pass it as `after` to resume."
    )
    at = attribute(datetime, "at", "When it was committed; times never run backwards.")

    @strawberry.field(description="What happened.")
    def kind(self) -> EntryKind:
        return EntryKind(self.domain.kind)

    @strawberry.field(description="Who did it; null for the operator's own command line.")
    async def organisation(self, info: Info) -> Organisation | None:
        organisation_id = self.domain.actor.organisation_id
        if organisation_id is None:
            return None
        found = await info.context.loaders.organisation.load(organisation_id)
        return None if found is None else Organisation(domain=found)

    @dear(
        "What it happened to, as it is now; null where that was a draft's line and was "
        "removed since, and where you do not see what it is, such as a key, an inventory, a line, an application, a "
        "measure, a plan or an evaluation.",
        statements=OF_EVERY_KIND,
        of_one=OF_ONE_KIND,
    )
    async def subject(self, info: Info) -> Node | None:
        kind = SUBJECTS[EntryKind(self.domain.kind)]
        return await find_node(info, kind, self.domain.subject_id)


async def event_at(info: Info, position: int) -> Event:
    found = await info.context.loaders.entry.load(Position(position))
    assert found is not None
    return Event(domain=found)


@strawberry.type(description="Where the log stands.")
class LogHead:
    domain: strawberry.Private[domain.Head]

    log_id = attribute(
        str, "name", "The log's own id: another one means another history. Pass it as `logId`."
    )
    position = attribute(BigInt, "position", "The last position; 0 for an empty log.")
    at = attribute(datetime, "at", "The time of the last position.")


def negative(field: str, value: int) -> Refused:
    return Refused(
        InvalidInput(
            path=(field,),
            value=str(value),
            expected_zh="不小于0的位置",
            expected_en="a position, not negative",
        )
    )
