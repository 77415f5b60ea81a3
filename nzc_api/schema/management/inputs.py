"""Posts, appointments, duties, rules and upkeep: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest
from nzc_api.management.model import (
    AppointHolder,
    AssignDuty,
    EraseHolderName,
    EstablishPost,
    PublishRule,
    RecordUpkeep,
    RepealRule,
)
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import APPOINTMENT, MANAGEMENT_RULE, PILOT, POST
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.management.enums import PostKind, UpkeepSystem


@strawberry.input(description="A post of a pilot.")
class EstablishPostInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    code: str = strawberry.field(
        description="Its code among the pilot's posts: 1 to 40 capital letters, digits or hyphens."
    )
    post_kind: PostKind = strawberry.field(description="What it is for.")
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    responsibilities: list[str] = strawberry.field(
        description="What whoever holds it is to do: 1 to 20 texts of 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> EstablishPost:
        return EstablishPost(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            code=self.code,
            post_kind=self.post_kind,
            name=self.name.text(),
            responsibilities=tuple(self.responsibilities),
        )


@strawberry.input(description="Who holds a post from a day on.")
class AppointHolderInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    post: strawberry.ID = strawberry.field(description="The post.")
    holder_name: str | None = strawberry.field(
        default=None,
        description="Who holds it, 1 to 200 characters; null: nobody, it is vacant. The log has a salted hash of it "
        "alone; `eraseHolderName` erases it.",
    )
    starts_on: date = strawberry.field(
        description="The first day: after that of the appointment before, and not after today."
    )
    document: str = strawberry.field(
        description="The document that shows it; it should not name the person: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> AppointHolder:
        post = ids.read(self.post, "input", "post", kind=POST)
        return AppointHolder(
            post_id=post, holder=self.holder_name, starts_on=self.starts_on, document=self.document
        )


@strawberry.input(description="A name that is to be kept no longer.")
class EraseHolderNameInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    appointment: strawberry.ID = strawberry.field(description="The appointment.")

    def command(self, ids: Ids, caller: Principal) -> EraseHolderName:
        return EraseHolderName(ids.read(self.appointment, "input", "appointment", kind=APPOINTMENT))


@strawberry.input(description="What a unit of a pilot may emit in a year.")
class AssignDutyInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    unit: str = strawberry.field(
        description="The unit's code: 1 to 40 capital letters, digits or hyphens."
    )
    unit_name: LocalizedTextInput = strawberry.field(description="What the unit is called.")
    year: int = strawberry.field(description="The calendar year, from 1990 to 2100.")
    ceiling: Decimal = strawberry.field(
        description="What it may emit, t CO2e: from 0, with at most 6 decimals. The latest one of a unit and year "
        "counts."
    )
    document: str = strawberry.field(
        description="The document that says so, such as a letter of responsibility (责任书): 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> AssignDuty:
        return AssignDuty(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            unit=self.unit,
            unit_name=self.unit_name.text(),
            year=self.year,
            ceiling=simplest(self.ceiling),
            document=self.document,
        )


@strawberry.input(description="A rule by which a pilot manages its emissions.")
class PublishRuleInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    title: str = strawberry.field(description="Its title: 1 to 200 characters.")
    document: str = strawberry.field(
        description="The document that has its text: 1 to 200 characters."
    )
    starts_on: date = strawberry.field(description="The first day on which it is in force.")
    ends_on: date | None = strawberry.field(
        default=None, description="The last day; null: until it is repealed."
    )

    def command(self, ids: Ids, caller: Principal) -> PublishRule:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        return PublishRule(
            pilot_id=pilot,
            title=self.title,
            document=self.document,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


@strawberry.input(description="A rule that is to be in force no longer.")
class RepealRuleInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    rule: strawberry.ID = strawberry.field(description="The rule.")
    on: date = strawberry.field(
        description="The last day on which it is in force: one of its days, which may be to come."
    )
    document: str = strawberry.field(
        description="The document that repeals it: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> RepealRule:
        rule = ids.read(self.rule, "input", "rule", kind=MANAGEMENT_RULE)
        return RepealRule(rule, self.on, self.document)


@strawberry.input(description="What was done to keep up a pilot's facilities or greenery.")
class RecordUpkeepInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    system: UpkeepSystem = strawberry.field(description="What was kept up.")
    on: date = strawberry.field(description="On which day: not after today.")
    done: str = strawberry.field(description="What was done: 1 to 1,000 characters.")
    document: str = strawberry.field(
        description="The document that shows it, such as a work order: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> RecordUpkeep:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        return RecordUpkeep(
            pilot_id=pilot, system=self.system, on=self.on, done=self.done, document=self.document
        )
