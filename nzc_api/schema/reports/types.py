"""The report of an inventory, as GraphQL."""

from datetime import datetime
from typing import Self

import strawberry

from nzc_api.inventories.model import Inventory
from nzc_api.reports import model as domain
from nzc_api.reports.model import ReportKey
from nzc_api.schema.guide.enums import DocumentKind
from nzc_api.schema.inventories.enums import ReportLanguage
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.reports.enums import ReportSectionCode

# What an analysis and an opinion have at most, and what is said beside them.
MOST_PARAGRAPHS = 100
MOST_TABLES = 5
MOST_COLUMNS = 8


@strawberry.type(description="A row of a table.")
class ReportRow:
    domain: strawberry.Private[tuple[str, ...]]

    @short_list("Its cells, as many as there are columns.", MOST_COLUMNS)
    def cells(self) -> list[str]:
        return list(self.domain)


@strawberry.type(description="A table of a report.")
class ReportTable:
    domain: strawberry.Private[domain.ReportTable]

    caption = attribute(str, "caption", "What it shows.")
    columns = attribute(list[str], "columns", "What its columns are called.", at_most=MOST_COLUMNS)

    @strawberry.field(description="Its rows, in order.")
    def rows(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[ReportRow]:
        page = page_by_position(first, after)
        rows = list(enumerate(self.domain.rows, 1))
        return page_of(rows, page, lambda row: row[0], lambda row: ReportRow(domain=row[1]))


@strawberry.type(
    description="A section of a report. What is not known, or not shown to you, a paragraph says."
)
class ReportSection:
    domain: strawberry.Private[domain.Section]

    code = attribute(ReportSectionCode, "code", "What it is about; stable, for programs.")
    heading = attribute(str, "heading", "Its heading.")
    paragraphs = attribute(list[str], "paragraphs", "Its paragraphs.", at_most=MOST_PARAGRAPHS)

    @short_list("Its tables.", MOST_TABLES)
    def tables(self) -> list[ReportTable]:
        return [ReportTable(domain=table) for table in self.domain.tables]


@registered
@strawberry.type(
    description="The report that section 三 of the guide asks of each kind of pilot (清单报告 or 核算报告), of an "
    "inventory as of a position. `GET /inventories/` with the inventory's id and `/report.pdf` or `/report.docx` has "
    "it as a file, with `?language=zh` or `en`, and `&asOf=`; of one position it is the same bytes each time."
)
class InventoryReport:
    domain: strawberry.Private[domain.Report]

    document_kind = attribute(DocumentKind, "kind", "What the guide calls it.")
    language = attribute(ReportLanguage, "key.language", "What it is written in.")
    as_of_position = attribute(
        BigInt, "key.as_of", "The position of the log as of which everything in it holds."
    )
    at = attribute(datetime, "at", "When that position was taken.")
    title = attribute(str, "title", "Its title.")
    subtitle = attribute(str, "subtitle", "Of which days it is, and as of which position.")

    @short_list("Its sections, in order.", len(ReportSectionCode))
    def sections(self) -> list[ReportSection]:
        return [ReportSection(domain=section) for section in self.domain.sections]

    @classmethod
    async def of_inventory(
        cls, info: Info, inventory: Inventory, language: ReportLanguage, as_of: int | None
    ) -> Self | None:
        """The report, as whoever asks sees it; None where it was a draft then."""
        key = ReportKey(inventory.id, language, await info.context.as_of(as_of))
        found = await info.context.services.reports.report(key, await info.context.sight())
        return None if found is None else cls(domain=found)
