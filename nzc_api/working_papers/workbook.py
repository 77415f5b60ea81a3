"""The tables of evidence as one workbook (XLSX), the same bytes each time. Numbers keep all of their digits in it."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.functions import tostring

from nzc_api.files.columns import Figure
from nzc_api.files.writing import harmless
from nzc_api.working_papers.sheets import Sheet
from nzc_api.working_papers.zipped import FIRST_TIME

PROPERTIES = "docProps/core.xml"


def workbook_of(tables: Mapping[Sheet, Sequence[Sequence[object]]], at: datetime) -> bytes:
    """The workbook of tables, of a time. It computes for up to seconds: not in the event loop's thread."""
    made = Workbook(write_only=True)
    for sheet, rows in tables.items():
        into = made.create_sheet(sheet.name)
        for row in ([column.name for column in sheet.columns], *rows):
            into.append([_cell(into, value) for value in row])
    made.properties.creator = "NZC"
    written = io.BytesIO()
    made.save(written)
    # Saving states the time of that.
    made.properties.created = made.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    return _undated(written, tostring(made.properties.to_tree()))


def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell:
    """A number by its digits, which no float has rounded; all else as text, whatever it begins with."""
    if isinstance(value, Figure):
        cell = WriteOnlyCell(sheet, str(value))
        cell.data_type = "n"
    elif value is None:
        cell = WriteOnlyCell(sheet)
    else:
        cell = WriteOnlyCell(sheet, harmless(str(value)))
        cell.data_type = "s"
    return cell


def _undated(written: io.BytesIO, properties: bytes) -> bytes:
    """The same file without the time at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            plain = zipfile.ZipInfo(name, FIRST_TIME)
            plain.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(plain, properties if name == PROPERTIES else before.read(name))
    return packed.getvalue()
