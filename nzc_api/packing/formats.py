"""In which formats the log is written to a file, with no more of it held than a few thousand events."""

import gzip
import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias

import orjson

from nzc_api.feed.lines import COLUMNS
from nzc_api.feed.rows import row_of
from nzc_api.files.writing import ENCODING, row_writer
from nzc_api.refusal import Failed

# Events, each as its line says it.
Events: TypeAlias = Iterable[Mapping[str, Any]]

# How many events of a Parquet file are a group, which is held at once.
GROUP = 10_000


class FileFormat(StrEnum):
    """How the log is written: as lines of JSON, or a table in which facts are JSON."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def check_format(file_format: FileFormat) -> None:
    """Raise ``Failed`` where what writes a format is not installed."""
    if file_format is FileFormat.PARQUET and find_spec("pyarrow") is None:
        raise Failed(
            "没有安装写Parquet文件的组件：请安装nzc-api[parquet]，或使用--format csv",
            "What writes Parquet is not installed: install nzc-api[parquet], or use --format csv",
        )


def write(events: Events, file: Path, file_format: FileFormat, *, packed: bool) -> None:
    """Write events to a file; ``packed``, compressed by gzip, the same bytes each time."""
    with file.open("wb") as plain:
        if not packed:
            _WRITERS[file_format](events, plain)
            return
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as squeezed:
            _WRITERS[file_format](events, squeezed)  # type: ignore[arg-type]


def _write_lines(events: Events, file: IO[bytes]) -> None:
    for event in events:
        file.write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))


def _write_rows(events: Events, file: IO[bytes]) -> None:
    with io.TextIOWrapper(file, ENCODING, newline="") as text:
        write_row = row_writer(text)
        write_row(COLUMNS)
        for event in events:
            write_row(row_of(event))


def _write_parquet(events: Events, file: IO[bytes]) -> None:
    # It takes half a second, and is there by an extra alone.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

    kinds = {"position": pa.int64(), "at": pa.timestamp("us", tz="UTC")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    rows = map(_typed, events)
    with closing(ParquetWriter(file, schema, compression="zstd")) as writer:
        while group := list(islice(rows, GROUP)):
            columns = [list(column) for column in zip(*group, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))


def _typed(event: Mapping[str, Any]) -> tuple[Any, ...]:
    position, at, *texts = row_of(event)
    return int(position or 0), datetime.fromisoformat(at or ""), *texts


_WRITERS: Mapping[FileFormat, Callable[[Events, IO[bytes]], None]] = {
    FileFormat.JSONL: _write_lines,
    FileFormat.CSV: _write_rows,
    FileFormat.PARQUET: _write_parquet,
}
