"""What is followed of the log, as GraphQL."""

from collections.abc import Iterable

import strawberry

from nzc_api.feed.model import EventFilter
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ORGANISATION, PILOT, Kind, T
from nzc_api.schema.kit.searching import too_many
from nzc_api.schema.programmes.types import ProgrammeCode

MOST_NAMED = 100


@strawberry.input(
    description="Which events are followed: all that is given must hold. Without any of it, all."
)
class EventFilterInput:
    kinds: list[EntryKind] | None = strawberry.field(
        default=None, description="Of one of these kinds."
    )
    pilots: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="About one of these pilots: what was done to it and in it, credits of its own and for it, orders "
        "about whole batches that are retired for it. What you do not see of a pilot is not among it. At most 100.",
    )
    inside: bool = strawberry.field(
        default=True,
        description="Whether what is about a pilot is about all pilots around it, too, as they lay at the event.",
    )
    programmes: list[ProgrammeCode] | None = strawberry.field(
        default=None, description="About credits or an enrolment of one of these programmes."
    )
    organisations: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Done by one of these organisations, or about credits that it held or holds. At most 100.",
    )

    def wanted(self, ids: Ids, *path: str) -> EventFilter:
        """The filter that it stands for; ``path`` is where it was given."""
        return EventFilter(
            kinds=_set(self.kinds),
            pilots=_named(ids, self.pilots, (*path, "pilots"), PILOT),
            inside=self.inside,
            programmes=None
            if self.programmes is None
            else frozenset(p.value for p in self.programmes),
            organisations=_named(ids, self.organisations, (*path, "organisations"), ORGANISATION),
        )


def _set(items: Iterable[EntryKind] | None) -> frozenset[EntryKind] | None:
    return None if items is None else frozenset(items)


def _named(
    ids: Ids, texts: list[strawberry.ID] | None, path: tuple[str, ...], kind: Kind[T]
) -> frozenset[T] | None:
    if texts is None:
        return None
    if len(texts) > MOST_NAMED:
        raise too_many(path[-1], MOST_NAMED, *path[:-2])
    return frozenset(
        ids.read(text, *path, str(number), kind=kind) for number, text in enumerate(texts)
    )
