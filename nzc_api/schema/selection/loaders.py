"""What many objects of one answer ask of applications."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import ApplicationId, PilotId, Position
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of, one, paged
from nzc_api.selection.model import (
    Application,
    ApplicationSight,
    ApplicationStep,
    Claim,
    Judgement,
    Verdict,
)


class SelectionLoaders(TopicLoaders):
    @cached_property
    def application(self) -> Loader[tuple[ApplicationId, ApplicationSight], Application | None]:
        return as_of(self._s.selection.applications, None)

    @cached_property
    def application_of(self) -> Loader[PilotId, int | None]:
        return one(self._s.selection.of_pilots)

    @cached_property
    def verdicts(self) -> Loader[tuple[int, Position], dict[str, Verdict]]:
        return as_of(self._s.selection.verdicts, {})

    @cached_property
    def claims(self) -> Loader[tuple[int, Page], list[Claim]]:
        return paged(self._s.selection.page_claims_of)

    @cached_property
    def claims_count(self) -> Loader[int, int | None]:
        return one(self._s.selection.count_claims_of)

    @cached_property
    def judgements(self) -> Loader[tuple[int, Page], list[Judgement]]:
        return paged(self._s.selection.page_judgements_of)

    @cached_property
    def judgements_count(self) -> Loader[int, int | None]:
        return one(self._s.selection.count_judgements_of)

    @cached_property
    def steps(self) -> Loader[tuple[int, Page], list[ApplicationStep]]:
        return paged(self._s.selection.page_steps_of)

    @cached_property
    def steps_count(self) -> Loader[int, int | None]:
        return one(self._s.selection.count_steps_of)
