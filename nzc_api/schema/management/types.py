"""How a pilot is managed, as GraphQL."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Self, TypeVar

import strawberry

from nzc_api.database.paging import Page
from nzc_api.ids import AppointmentId, ManagementRuleId, PilotId, Position, PostId
from nzc_api.management import model as domain
from nzc_api.management.rules import MOST_RESPONSIBILITIES, emitted
from nzc_api.management.visibility import sees_management
from nzc_api.schema.documents.types import Documented
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    none_counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, attribute, dear, number, short_list
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.management.enums import DutyUnknownReason, PostKind, UpkeepSystem
from nzc_api.schema.pilots.types import Pilot

T = TypeVar("T")
# What a pilot has so few of that all of it is read at once.
D = TypeVar("D", domain.Post, domain.Duty, domain.ManagementRule)


@node()
@strawberry.type(
    description="That somebody holds a post from a day on, until the next appointment. The log has a salted hash of "
    "the name, never the name itself, which can be erased."
)
class Appointment(Node):
    domain: strawberry.Private[domain.Appointment]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    starts_on = attribute(date, "starts_on", "The first day.")
    vacant = attribute(bool, "vacant", "Whether nobody holds the post from that day on.")
    holder_name = attribute(
        str | None, "holder", "Who holds it; null where the post is vacant, or the name was erased."
    )
    name_erased = attribute(bool, "erased", "Whether the name was erased.")
    document_name = attribute(str, "document", "The document that shows it.")

    @dear("The post. Never null.", statements=2)
    async def post(self, info: Info) -> "Post | None":
        found = await info.context.loaders.post.load(self.domain.post_id)
        return None if found is None else Post(domain=found)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.appointment.load(AppointmentId(position))
        if found is None or await Post.seen(info, found.post_id) is None:
            return None
        return cls(domain=found)


@node()
@strawberry.type(
    description="A post of a pilot (section 四（三） of the guide). Its operator sees it, and the roles that see of "
    "every pilot what was submitted."
)
class Post(Documented):
    domain: strawberry.Private[domain.Post]

    position = attribute(BigInt, "id", "The position at which it was established.")
    code = attribute(str, "code", "Its code among the pilot's posts.")
    post_kind = attribute(PostKind, "post_kind", "What it is for.")
    name = text_attribute("name", "What it is called.")
    responsibilities = attribute(
        list[str],
        "responsibilities",
        "What whoever holds it is to do.",
        at_most=MOST_RESPONSIBILITIES,
    )

    @strawberry.field(description="The latest appointment to it; null where there was none.")
    def latest_appointment(self) -> Appointment | None:
        latest = self.domain.latest
        return None if latest is None else Appointment(domain=latest)

    @strawberry.field(description="The appointments to it, oldest first.")
    async def appointments(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Appointment]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.appointments.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: Appointment(domain=row),
            counted(info.context.loaders.appointments_count, self.domain.id),
        )

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.post.load(PostId(position))
        if found is None or not await _seen_of(info, await Pilot.at(info, found.pilot_id)):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The posts of a pilot, for those who see them; for others there are none."""
        page, rows = page_by_position(first, after), info.context.loaders.posts_of
        return await _listed(info, pilot, rows, page, as_of, lambda row: cls(domain=row))


@node()
@strawberry.type(
    description="What a unit of a pilot may emit in a year (目标责任制, section 四（三） of the guide). It is no part "
    "of any net."
)
class Duty(Documented):
    domain: strawberry.Private[domain.Duty]
    as_of: strawberry.Private[Position]

    position = attribute(BigInt, "id", "The position at which it was assigned.")
    unit = attribute(str, "unit", "The unit's code.")
    unit_name = text_attribute("unit_name", "What the unit is called.")
    year = attribute(int, "year", "The calendar year.")
    ceiling_co2e = number("ceiling", "What it may emit, t CO2e.")
    document_name = attribute(str, "document", "The document that says so.")
    in_force = attribute(
        bool, "in_force", "Whether no later one was assigned to the unit for that year."
    )

    @short_list(
        "Why what it emitted is not known.", len(DutyUnknownReason), statements=MUCH_COMPUTED
    )
    async def unknown(self, info: Info) -> list[DutyUnknownReason]:
        actual = await self._emitted(info)
        return [actual] if isinstance(actual, DutyUnknownReason) else []

    @dear(
        "What it emitted, t CO2e: the emission sources that name the unit (`dutyUnit`), of verified inventories of "
        "operation that cover the calendar year. Null where that is not known.",
        statements=MUCH_COMPUTED,
    )
    async def actual_co2e(self, info: Info) -> Decimal | None:
        actual = await self._emitted(info)
        return None if isinstance(actual, DutyUnknownReason) else actual

    async def _emitted(self, info: Info) -> Decimal | DutyUnknownReason:
        key = self.domain.pilot_id, self.as_of
        return emitted(self.domain, await info.context.loaders.units_of.load(key))

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.duty.load(position)
        if found is None or not await _seen_of(info, await Pilot.at(info, found.pilot_id)):
            return None
        return cls(domain=found, as_of=await info.context.as_of(None))

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The duties of a pilot's units, for those who see them; for others there are none."""
        page, rows = page_by_position(first, after), info.context.loaders.duties_of
        position = await info.context.as_of(as_of)
        return await _listed(
            info, pilot, rows, page, position, lambda row: cls(domain=row, as_of=position)
        )


@node()
@strawberry.type(
    description="A rule by which a pilot manages its emissions (碳排放管理制度, section 四（三） of the guide)."
)
class ManagementRule(Documented):
    domain: strawberry.Private[domain.ManagementRule]

    position = attribute(BigInt, "id", "The position at which it was published.")
    title = attribute(str, "title", "Its title.")
    document_name = attribute(str, "document", "The document that has its text.")
    starts_on = attribute(date, "starts_on", "The first day on which it is in force.")
    published_last_day = attribute(
        date | None, "ends_on", "Its last day, as published; null: it has none."
    )
    last_day_in_force = attribute(
        date | None,
        "last_day",
        "The last day on which it is in force, a repeal considered; null: there is none.",
    )

    @strawberry.field(description="The document of its repeal; null where it was not repealed.")
    def repeal_document(self) -> str | None:
        return None if self.domain.repeal is None else self.domain.repeal.document

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.management_rule.load(ManagementRuleId(position))
        if found is None or not await _seen_of(info, await Pilot.at(info, found.pilot_id)):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The rules of a pilot, for those who see them; for others there are none."""
        page, rows = page_by_position(first, after), info.context.loaders.management_rules_of
        return await _listed(info, pilot, rows, page, as_of, lambda row: cls(domain=row))


@node()
@strawberry.type(
    description="What was done to keep up a pilot's facilities or greenery (日常维护, section 四（三） of the guide)."
)
class Upkeep(Documented):
    domain: strawberry.Private[domain.Upkeep]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    system = attribute(UpkeepSystem, "system", "What was kept up.")
    on = attribute(date, "on", "On which day.")
    done = attribute(str, "done", "What was done.")
    document_name = attribute(str, "document", "The document that shows it.")

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.upkeep.load(position)
        if found is None or not await _seen_of(info, await Pilot.at(info, found.pilot_id)):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls,
        info: Info,
        pilot: Pilot,
        first: int,
        after: str | None,
        system: UpkeepSystem | None,
    ) -> Connection[Self]:
        """The upkeep of a pilot, for those who see it; for others there is none."""
        page = page_by_position(first, after)
        loaders, pilot_id = info.context.loaders, pilot.domain.id
        seen = await _seen_of(info, pilot)
        return connection(
            await loaders.upkeep_of.load((pilot_id, (system, page))) if seen else [],
            page,
            lambda row: row.id,
            lambda row: cls(domain=row),
            counted(loaders.upkeep_count, (pilot_id, system)) if seen else none_counted,
        )


async def _seen_of(info: Info, pilot: Pilot) -> bool:
    """Whether whoever asks sees how a pilot is managed."""
    return sees_management(await info.context.sight(), pilot.domain.operator_id)


async def _listed(
    info: Info,
    pilot: Pilot,
    rows: Loader[tuple[PilotId, Position], list[D]],
    page: Page,
    as_of: int | None,
    made: Callable[[D], T],
) -> Connection[T]:
    """A page of all that a pilot has of something, for those who see it; for others there is none."""
    key = pilot.domain.id, await info.context.as_of(as_of)
    found = await rows.load(key) if await _seen_of(info, pilot) else []
    return page_of(found, page, lambda row: row.id, made)
