"""A certificate as PDF, by Typst: the same bytes each time. Typst, its fonts and segno are the extra
``nzc-api[reports]``."""

import io
import json
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
import typst

from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.sheet import TITLE, Cell, CertificateSheet

TEMPLATE = files("nzc_api.retirement_certificates") / "data" / "certificate.typ"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def pdf_of(sheet: CertificateSheet, address: str, note: str, at: datetime) -> bytes:
    """The file: with a QR code of the page at ``address``, and the ``note`` that its file in JSON is signed by. It
    computes for up to seconds: not in the event loop's thread."""
    given = {
        "title": _both(TITLE),
        "number": sheet.number,
        "status": _both(sheet.status_words),
        "facts": [[_both(name), _cell(value)] for name, value in sheet.facts],
        "tables": [
            {
                "caption": _both(table.caption),
                "columns": [_both(column) for column in table.columns],
                "rows": [[_cell(cell) for cell in row] for row in table.rows],
            }
            for table in sheet.tables
        ],
        "notes": [_both(text) for text in sheet.notes],
        "address": address,
        "note": note,
    }
    code = io.BytesIO()
    segno.make(address, error="m", micro=False).save(code, kind="svg", border=0)
    sources = {
        "main.typ": TEMPLATE.read_bytes(),
        "certificate.json": json.dumps(given, ensure_ascii=False).encode(),
        "code.svg": code.getvalue(),
    }
    # Its stub does not know that sources may be a dictionary.
    made: bytes = typst.compile(  # type: ignore[call-overload]
        sources,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        timestamp=at.replace(microsecond=0),
        pdf_tags=False,
    )
    return made


def _both(text: LocalizedText) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _cell(cell: Cell) -> dict[str, str]:
    return {"zh": cell, "en": ""} if isinstance(cell, str) else _both(cell)
