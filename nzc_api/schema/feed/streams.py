"""Events with their facts, and how what is followed of the log is told without a gap."""

from collections.abc import Awaitable, Hashable, Mapping
from dataclasses import field
from typing import Annotated, Any, TypeAlias

import strawberry

from nzc_api.feed import model as domain
from nzc_api.feed.payloads.kinds import SCHEMA_NAMES, SHOW
from nzc_api.feed.service import LARGEST_PAGE
from nzc_api.feed.viewers import Viewer
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.schema.feed.enums import PayloadAbsence
from nzc_api.schema.feed.types import Event
from nzc_api.schema.kit.connections import IN_PAGE
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.scalars import BigInt, EventFacts

Found: TypeAlias = Mapping[str, Any] | PayloadAbsence

# As many statements as would take as long as making the facts of a page.
STATEMENTS_OF_FACTS = 8

PREVIOUS = (
    "The position that you were told before it: of the event before it, of those that you follow; of the first one, "
    "the position that you began after. Where you have another one as the last, something was lost between."
)


@strawberry.type(description="An event's facts, as they were at its position.")
class EventPayload:
    schema: str = strawberry.field(
        description="What they look like: a JSON Schema of this name is at `/schemas/events/<name>.json`."
    )
    facts: EventFacts = strawberry.field(description="The facts.")


@strawberry.type(description="An event that you follow, with its facts.")
class StreamedEvent:
    domain: strawberry.Private[domain.ToldEntry[Entry]]
    # Asked for once, though two fields tell of it; by what whoever asks sees.
    found: strawberry.Private[dict[Viewer, Awaitable[Found]]] = field(default_factory=dict)

    previous_position = attribute(BigInt, "previous", PREVIOUS)

    @property
    def known_by(self) -> Hashable:
        return self.domain.position, self.domain.previous

    @strawberry.field(description="What happened, and when.")
    def event(self) -> Event:
        return Event(domain=self.domain.entry)

    @dear(
        "The facts as they were at its position, whatever became of it since. Null where there are none for you: see "
        "`payloadAbsence`.",
        statements=STATEMENTS_OF_FACTS,
    )
    async def payload(self, info: Info) -> EventPayload | None:
        found = await self._facts(info)
        if isinstance(found, PayloadAbsence):
            return None
        kind = EntryKind(self.domain.entry.kind)
        return EventPayload(schema=SCHEMA_NAMES[kind], facts=SHOW[kind](found, info.context.ids.of))

    @dear("Why there is no payload; null where there is one.", statements=STATEMENTS_OF_FACTS)
    async def payload_absence(self, info: Info) -> PayloadAbsence | None:
        found = await self._facts(info)
        return found if isinstance(found, PayloadAbsence) else None

    async def _facts(self, info: Info) -> Found:
        viewer = await info.context.viewer()
        if viewer not in self.found:
            asked = self.domain.entry, viewer
            self.found[viewer] = info.context.loaders.event_facts.load(asked)
        return await self.found[viewer]


@strawberry.type(description="That you follow events, and from where.")
class StreamBegun:
    domain: strawberry.Private[domain.Begun]

    position = attribute(
        BigInt, "position", "You are told the events after this position: nothing before it comes."
    )

    @property
    def known_by(self) -> Hashable:
        return "begun", self.domain.position


@strawberry.type(
    description="How far the log was looked at: up to there you were told every event that you follow."
)
class StreamProgress:
    domain: strawberry.Private[domain.Scanned]

    position = attribute(
        BigInt,
        "position",
        "The position. To resume, pass it as `after`: the events before it need not be looked at again.",
    )

    @property
    def known_by(self) -> Hashable:
        return "scanned", self.domain.position


EventStreamMessage: TypeAlias = Annotated[
    StreamBegun | StreamedEvent | StreamProgress,
    strawberry.union(
        "EventStreamMessage",
        description="What is told of a stream of events: first from where it begins, then events, and between them how "
        "far the log was looked at, at least every five seconds where no event comes.",
    ),
]

MESSAGES = {
    domain.Begun: StreamBegun,
    domain.ToldEntry: StreamedEvent,
    domain.Scanned: StreamProgress,
}


@strawberry.type(description="The events of a stretch of the log.")
class EventPage:
    domain: strawberry.Private[domain.Stretch]

    scanned_position = attribute(
        BigInt,
        "scanned",
        "The position up to which these are all events that you follow. Pass it as `after` for the next page; where it "
        "stays where it was, you have all that there are.",
    )

    @strawberry.field(
        description=f"The events, in order: at most {LARGEST_PAGE}, and fewer where their facts are many.",
        metadata=IN_PAGE,
    )
    def events(self) -> list[StreamedEvent]:
        return [StreamedEvent(domain=told) for told in self.domain.told]
