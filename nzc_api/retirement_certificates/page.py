"""A certificate as a page of HTML: both languages, no script, nothing from elsewhere. Pure."""

import base64
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files

from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.model import CertificateStatus
from nzc_api.retirement_certificates.sheet import TITLE, Cell, CertificateSheet, SheetTable

STYLE = (files("nzc_api.retirement_certificates") / "data" / "page.css").read_text("utf-8")

# Whatever was written into it, a browser runs nothing of it, and asks nobody.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(sha256(STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

PROVES_ITSELF = LocalizedText(
    "可离线验证的文件（nzc verify）", "as a file that proves itself (nzc verify)"
)

IN_FORCE = {CertificateStatus.VALID}


def page_of(sheet: CertificateSheet, query: str = "") -> str:
    """The page of a certificate; ``query`` is what its files are asked for with, such as `?asOf=9`."""
    tone = "good" if sheet.status in IN_FORCE else "bad"
    parts = (
        f'<p class="status {tone}">{_both(sheet.status_words)}</p>',
        *(f'<p class="note">{_both(note)}</p>' for note in sheet.notes),
        f"<dl>{''.join(f'<dt>{_both(name)}</dt><dd>{_cell(value)}</dd>' for name, value in sheet.facts)}</dl>",
        *map(_table, sheet.tables),
        _files(sheet.number, query),
    )
    return _whole(sheet.number, parts)


def page_of_message(message: LocalizedText) -> str:
    """A page that says why there is no certificate."""
    return _whole("", (f'<p class="note">{_both(message)}</p>',))


def _whole(number: str, parts: Iterable[str]) -> str:
    title = escape(f"{TITLE.zh} {number}".strip())
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{_both(TITLE)}</h1>{''.join(parts)}</main></body></html>\n"
    )


def _files(number: str, query: str) -> str:
    """Links to its files, and what is as of now: relative, for a proxy may serve them under a path of its own."""
    links = (
        (f"{number}.pdf{query}", LocalizedText("PDF文件", "as PDF")),
        (f"{number}.json{query}", PROVES_ITSELF),
        *(((number, LocalizedText("当前的内容", "what is so now")),) if query else ()),
    )  # fmt: skip
    items = (f'<li><a href="{escape(to)}">{_both(text)}</a></li>' for to, text in links)
    return f"<ul>{''.join(items)}</ul>"


def _table(table: SheetTable) -> str:
    head = "".join(f"<th>{_both(column)}</th>" for column in table.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return (
        f'<div class="wide"><table><caption>{_both(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else _both(cell)


def _both(text: LocalizedText) -> str:
    return f'<span lang="zh">{escape(text.zh)}</span> <span lang="en">{escape(text.en)}</span>'
