"""A report: sections of paragraphs and tables in one language, whatever file it becomes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nzc_api.guide.terms import DocumentKind
from nzc_api.ids import InventoryId, Position


class ReportLanguage(StrEnum):
    """What a report is written in."""

    ZH = "ZH"
    EN = "EN"


class ReportSectionCode(StrEnum):
    """What a section is about."""

    BOUNDARY = "BOUNDARY"
    METHOD = "METHOD"
    ACTIVITY_DATA = "ACTIVITY_DATA"
    FACTORS = "FACTORS"
    RESULTS = "RESULTS"
    SINKS = "SINKS"
    MEMO_ITEMS = "MEMO_ITEMS"
    DATA_QUALITY = "DATA_QUALITY"
    POTENTIAL = "POTENTIAL"


@dataclass(frozen=True, slots=True)
class ReportKey:
    """Which report: of an inventory, in a language, as of a position of the log."""

    inventory_id: InventoryId
    language: ReportLanguage
    as_of: Position


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Cells in rows, under the names of their columns."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report. What is not known, or not shown, a paragraph says."""

    code: ReportSectionCode
    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report. It follows from its key and from what whoever asks sees, and so do its files' bytes; ``at`` is when
    its position was taken, ``name`` what its files are called."""

    key: ReportKey
    kind: DocumentKind
    name: str
    title: str
    subtitle: str
    at: datetime
    sections: tuple[Section, ...]
