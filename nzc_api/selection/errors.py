"""What the selection room refuses."""

from dataclasses import dataclass

from nzc_api.ids import ApplicationId, PilotId
from nzc_api.refusal import Refusal
from nzc_api.selection.model import ApplicationState


@dataclass(frozen=True, kw_only=True)
class ApplicationNotInState(Refusal):
    """An application that stands otherwise than what is done to it needs: one that was withdrawn is not judged, one
    that was not submitted is not decided."""

    code = "APPLICATION_NOT_IN_STATE"
    zh = "申报（{application_zh}）的状态为{state}，此操作须为：{accepted}"
    en = "The application “{application_en}” is {state}; this needs one that is {accepted}"

    application_id: ApplicationId
    application_zh: str
    application_en: str
    state: ApplicationState
    accepted: tuple[ApplicationState, ...]


@dataclass(frozen=True, kw_only=True)
class ApplicationDecided(Refusal):
    """An application that was decided: selected or not, it ends there."""

    code = "APPLICATION_DECIDED"
    zh = "申报（{application_zh}）已有决定：{state}，不能再改变；如需重新申报，请用openApplication"
    en = (
        "The application “{application_en}” was decided: {state}. That stays; to apply again, open another one with "
        "`openApplication`"
    )

    application_id: ApplicationId
    application_zh: str
    application_en: str
    state: ApplicationState
    pilot_id: PilotId | None


@dataclass(frozen=True, kw_only=True)
class CriterionNotOfKind(Refusal):
    """A criterion of another kind of pilot, or one that is claimed and judged part by part."""

    code = "CRITERION_NOT_OF_KIND"
    malformed = True
    most_told = 20
    zh = "“{criterion}”不是{kind_zh}（指南{section}）可申报、可评判的优先条件；可用：{accepted}"
    en = (
        "“{criterion}” is not among the criteria and parts that are claimed and judged of the kind “{kind_en}” "
        "(section {section} of the guide); these are: {accepted}"
    )

    criterion: str
    kind_zh: str
    kind_en: str
    section: str
    accepted: tuple[str, ...]
