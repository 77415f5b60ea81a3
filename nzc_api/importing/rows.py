"""Reading a registry's file: CSV (UTF-8 or GB18030, with or without BOM) or JSON Lines, row by row."""

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nzc_api.refusal import Failed

ENCODINGS = ("utf-8-sig", "gb18030")

NEEDED = ("programme", "pilot", "year", "retired_on")
OPTIONAL = ("idempotency_key", "quantity", "holder", "registry_reference")

# What is retired: a block of serials, or tonnes of a certificate without published serials.
SERIALS = ("serials",)
CERTIFICATE = ("certificate", "first", "last")


class UnreadableFile(Failed):
    """The file is not what can be imported; the text says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: its number, from 1, its fields, and the key that it is always sent under."""

    number: int
    fields: Mapping[str, str]
    key: str


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a file; raises ``UnreadableFile`` where one is no row."""
    with path.open(encoding=_encoding(path), newline="") as file:
        found = _json_lines(file) if path.suffix in {".jsonl", ".ndjson"} else _csv(file)
        for number, fields in enumerate(found, start=1):
            missing = [name for name in NEEDED if not fields.get(name)]
            if missing:
                raise UnreadableFile(
                    f"第{number}行缺少{'、'.join(missing)}",
                    f"row {number} has no {', '.join(missing)}",
                )
            if _given(fields) not in (SERIALS, CERTIFICATE):
                given = _given(fields)
                raise UnreadableFile(
                    f"第{number}行须有{_EITHER_ZH}；实际为{'、'.join(given) or '二者皆无'}",
                    f"row {number} must have either {_EITHER}; it has {', '.join(given) or 'neither'}",
                )
            yield Row(number, fields, fields.get("idempotency_key") or _key(number, fields))


_NAMES = (*NEEDED, *SERIALS, *CERTIFICATE, *OPTIONAL)
_EITHER = f"{', '.join(SERIALS)}, or {', '.join(CERTIFICATE)}"
_EITHER_ZH = f"{'、'.join(SERIALS)}，或{'、'.join(CERTIFICATE)}"


def _given(fields: Mapping[str, str]) -> tuple[str, ...]:
    """What names the serials in a row."""
    return tuple(name for name in (*SERIALS, *CERTIFICATE) if fields.get(name))


def _key(number: int, fields: Mapping[str, str]) -> str:
    # The same row of the same file gets the same key, so that sending it again is safe.
    content = json.dumps([number, fields], sort_keys=True, ensure_ascii=False)
    return f"file-{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _csv(file: IO[str]) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(file)
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    complete = any({*NEEDED, *what} <= {*names} <= {*_NAMES} for what in (SERIALS, CERTIFICATE))
    if not complete:
        raise UnreadableFile(
            f"首行须写明列{'、'.join(NEEDED)}，以及{_EITHER_ZH}，并可有{'、'.join(OPTIONAL)}；"
            f"实际为{'、'.join(names) or '空'}",
            f"the first line must name the columns {', '.join(NEEDED)}, and {_EITHER}, and may name "
            f"{', '.join(OPTIONAL)}; it names {', '.join(names) or 'nothing'}",
        )
    reader.fieldnames = names
    for line in reader:
        if None in line or None in line.values():
            raise UnreadableFile(
                f"第{reader.line_num}行的单元格数与首行不同",
                f"line {reader.line_num} does not have as many cells as the first",
            )
        yield {name: value.strip() for name, value in line.items()}


def _json_lines(file: IO[str]) -> Iterator[dict[str, str]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except ValueError as error:
            raise UnreadableFile(
                f"第{number}行不是JSON：{error}", f"line {number} is not JSON: {error}"
            ) from None
        if not isinstance(given, dict) or not given.keys() <= {*_NAMES}:
            raise UnreadableFile(
                f"第{number}行不是由{'、'.join(_NAMES)}组成的对象",
                f"line {number} is no object of {', '.join(_NAMES)}",
            )
        yield {name: _cell(value) for name, value in given.items() if value is not None}


def _cell(value: object) -> str:
    """A value as the file has it."""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).strip()


def _encoding(path: Path) -> str:
    """The first encoding in which the whole file can be read."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(
        f"文件编码须为{'或'.join(ENCODINGS)}",
        f"the file is in none of the encodings {', '.join(ENCODINGS)}",
    )
