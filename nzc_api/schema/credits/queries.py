"""What can be asked of projects, credits and what was posted of them."""

from typing import Annotated

import strawberry

from nzc_api.ledger.serials import Unclear, read_block, read_blocks
from nzc_api.refusal import Refused
from nzc_api.schema.credits.batches import CreditBatch, CreditBatchBy
from nzc_api.schema.credits.filters import (
    CreditBatchFilterInput,
    ProjectFilterInput,
    RetirementFilterInput,
    RetirementRequestFilterInput,
)
from nzc_api.schema.credits.projects import Project
from nzc_api.schema.credits.requests import RetirementRequest
from nzc_api.schema.credits.retirements import Retirement
from nzc_api.schema.credits.serial_texts import SerialBlockReading, SerialBlockReadings, bad_block
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.kinds import CREDIT_BATCH, PROJECT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.searching import searched_for
from nzc_api.schema.pilots.queries import ByIdOrCode


@strawberry.type
class CreditLists:
    @strawberry.field(description="Projects, oldest first.")
    async def projects(
        self,
        info: Info,
        filter: Annotated[ProjectFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Project]:
        page = page_by_position(first, after, last=last, before=before)
        wanted = searched_for((filter or ProjectFilterInput()).text)
        trace = info.context.services.trace
        return connection(
            await trace.list_projects(wanted, page),
            page,
            lambda row: row.id,
            lambda row: Project(domain=row),
            lambda: trace.count_projects(wanted),
        )

    @strawberry.field(description="Batches of credits, oldest first.")
    async def credit_batches(
        self,
        info: Info,
        filter: Annotated[CreditBatchFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CreditBatch]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or CreditBatchFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_batches(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: CreditBatch(domain=row),
            lambda: trace.count_batches(narrowed),
        )

    @dear("Retirements, oldest first; those that were corrected since, too.", statements=5)
    async def retirements(
        self,
        info: Info,
        filter: Annotated[RetirementFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Retirement]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or RetirementFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_retirements(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row),
            lambda: trace.count_retirements(narrowed),
        )

    @dear("Requests of retirements, oldest first; those that ended, too.", statements=2)
    async def retirement_requests(
        self,
        info: Info,
        filter: Annotated[RetirementRequestFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RetirementRequest]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or RetirementRequestFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_requests(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: RetirementRequest(domain=row),
            lambda: trace.count_requests(narrowed),
        )


@strawberry.type
class CreditQueries:
    @dear("A project; null if there is none, or was none then.", statements=3)
    async def project(
        self,
        info: Info,
        by: Annotated[ByIdOrCode, argument("Which one.")],
        as_of: Annotated[
            BigInt | None,
            argument(
                "A position of the log: what it was called then, and where it was; what hangs from it has an "
                "`asOf` of its own. Default: now."
            ),
        ] = None,
    ) -> Project | None:
        code = by.given_code()
        if code is None:
            project_id = info.context.ids.read(by.id or "", "by", "id", kind=PROJECT)
            found = await info.context.loaders.project.load(project_id)
        else:
            found = await info.context.services.trace.find_project(code)
        if found is not None and as_of is not None:
            key = (found.id, await info.context.as_of(as_of))
            found = await info.context.loaders.project_then.load(key)
        return None if found is None else Project(domain=found)

    @dear("A batch of credits; null if there is none.", statements=2)
    async def credit_batch(
        self, info: Info, by: Annotated[CreditBatchBy, argument("Which one.")]
    ) -> CreditBatch | None:
        if by.serial:
            serials = by.serial.serials("by", "serial")
            key = (serials, await info.context.now())
            found = await info.context.loaders.serial_batch.load(key)
        else:
            batch_id = info.context.ids.read(by.id or "", "by", "id", kind=CREDIT_BATCH)
            found = await info.context.loaders.batch.load(batch_id)
        return None if found is None else CreditBatch(domain=found)


@strawberry.type
class SerialTextQueries:
    @strawberry.field(description="What the text of a registry's serial block says.")
    def serial_block(
        self, text: Annotated[str, argument("The block, such as “GD-2024-1 to 500”.")]
    ) -> SerialBlockReading:
        reading = read_block(text)
        if reading is None:
            raise Refused(bad_block(text, ("text",)))
        return SerialBlockReading.of(reading)

    @strawberry.field(
        description="What a text says that lists serial blocks, with commas, semicolons or lines between "
        "them; or one."
    )
    def serial_blocks(
        self, text: Annotated[str, argument("The blocks, such as “GD-1 to 500; GD-601 to 700”.")]
    ) -> SerialBlockReadings:
        found = read_blocks(text)
        if isinstance(found, Unclear):
            raise Refused(bad_block(found.text, ("text",)))
        return SerialBlockReadings.of(found)
