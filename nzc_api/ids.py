"""What names the things of a log: each by the position of its first entry, and by a type of its own.

So a pilot passed where a period is meant does not type-check. All are whole numbers from 1; a :data:`Position` of 0
is the log before its first entry. One that is asked for is a number until the log is found to have it
(``log/asked.py``); a posting of whichever verb is named by the number of its position. How they are shown to callers,
``log/ids.py`` and the schema say.
"""

from typing import NewType

Position = NewType("Position", int)

OrganisationId = NewType("OrganisationId", int)
WebhookEndpointId = NewType("WebhookEndpointId", int)
PilotId = NewType("PilotId", int)
PeriodId = NewType("PeriodId", int)
InventoryId = NewType("InventoryId", int)
LineId = NewType("LineId", int)
MeterId = NewType("MeterId", int)
TargetId = NewType("TargetId", int)
MeasureId = NewType("MeasureId", int)
FinancingId = NewType("FinancingId", int)
PostId = NewType("PostId", int)
AppointmentId = NewType("AppointmentId", int)
ManagementRuleId = NewType("ManagementRuleId", int)
PlanId = NewType("PlanId", int)
ApplicationId = NewType("ApplicationId", int)
EvaluationId = NewType("EvaluationId", int)
FindingId = NewType("FindingId", int)
DocumentId = NewType("DocumentId", int)
ProjectId = NewType("ProjectId", int)
BatchId = NewType("BatchId", int)
AccountId = NewType("AccountId", int)
RequestId = NewType("RequestId", int)
ProposalId = NewType("ProposalId", int)
ApiKeyId = NewType("ApiKeyId", int)
PanelId = NewType("PanelId", int)
