"""A report as DOCX, by python-docx: the same bytes each time. python-docx is the extra ``nzc-api[reports]``."""

import io
import zipfile
from datetime import UTC
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import SubElement

from nzc_api.reports.model import Report, ReportTable

# Word takes a font of the reader's for Chinese where this one is not there.
FONT = "Noto Sans SC"

# A ZIP has no time before it.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)


def docx_of(report: Report) -> bytes:
    """The report's file. It computes for up to seconds: not in the event loop's thread."""
    made = docx.Document()
    _style(made)
    core, at = made.core_properties, report.at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.comments = report.title, "NZC", ""
    core.created = core.modified = at
    core.last_modified_by = core.author
    made.add_heading(report.title, 0)
    made.add_paragraph(report.subtitle)
    for number, section in enumerate(report.sections, 1):
        made.add_heading(f"{number} {section.heading}", 1)
        for paragraph in section.paragraphs:
            made.add_paragraph(paragraph)
        for table in section.tables:
            _add(made, table)
    written = io.BytesIO()
    made.save(written)
    return _undated(written)


def _style(made: Document) -> None:
    for style in ("Normal", "Title", "Heading 1"):
        fonts = made.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(script), FONT)


def _add(made: Document, table: ReportTable) -> None:
    made.add_paragraph(table.caption)
    shown = made.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    for row in (table.columns, *table.rows):
        _add_row(shown._tbl, row)
    made.add_paragraph()


def _add_row(table: Any, cells: tuple[str, ...]) -> None:
    """A row as WordprocessingML has it: python-docx takes a hundred times as long for each cell."""
    row = SubElement(table, qn("w:tr"))
    for text in cells:
        cell = row
        for tag in ("w:tc", "w:p", "w:r", "w:t"):
            cell = SubElement(cell, qn(tag))
        cell.text = text


def _undated(written: io.BytesIO) -> bytes:
    """The same file without the time at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(packed, "w") as after:
        for info in before.infolist():
            plain = zipfile.ZipInfo(info.filename, FIRST_TIME)
            plain.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(plain, before.read(info))
    return packed.getvalue()
