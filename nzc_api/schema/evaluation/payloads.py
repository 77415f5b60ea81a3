"""What mutations of evaluations answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.evaluation.errors import (
    EvaluationDecided,
    EvaluationResultUnknown,
    EvaluationsFull,
    EvaluationStepMissing,
    ExpertNotOfPanel,
    ExpertOfOperator,
    FindingNotInState,
    FollowUpNotOfPilot,
    ItemAlreadyScored,
    ItemNotOfScheme,
    MajorFindingsOpen,
    NotYetStable,
    PanelSizeRefused,
    PilotNotCompleted,
    RangeCountsTwice,
    RangeCutsPeriod,
    RangeOutsidePilot,
    RangeTaken,
    RangeWithoutPeriod,
    RetriesExhausted,
    SchemeNotForKind,
    ScoreBelowPassMark,
    VetoFailed,
)
from nzc_api.schema.evaluation.types import Evaluation, EvaluationFinding
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="An evaluation was opened.")
class OpenEvaluationSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was evaluated by its operator.")
class SelfEvaluateSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A panel was appointed.")
class AppointPanelSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="The name of an expert was erased.")
class EraseExpertNameSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A visit to the site was recorded.")
class RecordSiteVisitSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An expert's score was recorded.")
class ScoreItemSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A finding was recorded.")
class RecordFindingSuccess(Success):
    kind: ClassVar[str] = "EvaluationFinding"
    field: ClassVar[str] = "finding"

    finding: EvaluationFinding = strawberry.field(description="The finding.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A finding was answered.")
class AnswerFindingSuccess(Success):
    kind: ClassVar[str] = "EvaluationFinding"
    field: ClassVar[str] = "finding"

    finding: EvaluationFinding = strawberry.field(description="The finding.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A finding was closed.")
class CloseFindingSuccess(Success):
    kind: ClassVar[str] = "EvaluationFinding"
    field: ClassVar[str] = "finding"

    finding: EvaluationFinding = strawberry.field(description="The finding.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An evaluation was decided.")
class DecideEvaluationSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A measure was said to follow from an evaluation.")
class FollowUpSuccess(Success):
    kind: ClassVar[str] = "Evaluation"
    field: ClassVar[str] = "evaluation"

    evaluation: Evaluation = strawberry.field(description="The evaluation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


OpenEvaluationPayload = Annotated[
    OpenEvaluationSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | SchemeNotForKind
    | PilotNotCompleted
    | NotYetStable
    | RangeCutsPeriod
    | RangeWithoutPeriod
    | RangeOutsidePilot
    | RangeCountsTwice
    | RangeTaken
    | RetriesExhausted
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("OpenEvaluationPayload"),
]

SelfEvaluatePayload = Annotated[
    SelfEvaluateSuccess
    | InvalidInput
    | NotFound
    | EvaluationDecided
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("SelfEvaluatePayload"),
]

AppointPanelPayload = Annotated[
    AppointPanelSuccess
    | InvalidInput
    | NotFound
    | PanelSizeRefused
    | ExpertOfOperator
    | EvaluationDecided
    | EvaluationStepMissing
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("AppointPanelPayload"),
]

EraseExpertNamePayload = Annotated[
    EraseExpertNameSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("EraseExpertNamePayload"),
]

RecordSiteVisitPayload = Annotated[
    RecordSiteVisitSuccess
    | InvalidInput
    | NotFound
    | EvaluationDecided
    | EvaluationStepMissing
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("RecordSiteVisitPayload"),
]

ScoreItemPayload = Annotated[
    ScoreItemSuccess
    | InvalidInput
    | NotFound
    | ItemNotOfScheme
    | ExpertNotOfPanel
    | ItemAlreadyScored
    | EvaluationDecided
    | EvaluationStepMissing
    | IdempotencyKeyReused,
    union("ScoreItemPayload"),
]

RecordFindingPayload = Annotated[
    RecordFindingSuccess
    | InvalidInput
    | NotFound
    | EvaluationDecided
    | EvaluationStepMissing
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("RecordFindingPayload"),
]

AnswerFindingPayload = Annotated[
    AnswerFindingSuccess
    | InvalidInput
    | NotFound
    | FindingNotInState
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("AnswerFindingPayload"),
]

CloseFindingPayload = Annotated[
    CloseFindingSuccess | InvalidInput | NotFound | FindingNotInState | IdempotencyKeyReused,
    union("CloseFindingPayload"),
]

DecideEvaluationPayload = Annotated[
    DecideEvaluationSuccess
    | InvalidInput
    | NotFound
    | EvaluationDecided
    | EvaluationStepMissing
    | MajorFindingsOpen
    | VetoFailed
    | ScoreBelowPassMark
    | EvaluationResultUnknown
    | IdempotencyKeyReused,
    union("DecideEvaluationPayload"),
]

FollowUpPayload = Annotated[
    FollowUpSuccess
    | InvalidInput
    | NotFound
    | FollowUpNotOfPilot
    | EvaluationsFull
    | IdempotencyKeyReused,
    union("FollowUpPayload"),
]
