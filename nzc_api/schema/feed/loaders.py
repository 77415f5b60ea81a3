"""What many objects of one answer ask of feed."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.viewers import Viewer
from nzc_api.ids import Position
from nzc_api.log.model import Entry
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, one


class FeedLoaders(TopicLoaders):
    @cached_property
    def entry(self) -> Loader[Position, Entry | None]:
        return one(self._s.trace.entries)

    @cached_property
    def event_facts(
        self,
    ) -> Loader[tuple[Entry, Viewer], Mapping[str, Any] | PayloadAbsence]:
        return Loader(self._s.feed.facts)

    @cached_property
    def position_at(self) -> Loader[datetime, Position | None]:
        return one(self._q.positions_at)
