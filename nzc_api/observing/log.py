"""The log on standard error: a line an event, as JSON or as ``key=value``; never a secret or a variable."""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from time import time_ns
from typing import Any

import orjson
import structlog

from nzc_api.observing.record import RequestRecord, current_id

Event = MutableMapping[str, Any]


class LogFormat(StrEnum):
    PLAIN = "plain"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def number(self) -> int:
        return logging.getLevelNamesMapping()[self.name]


def _encode(value: Any) -> str:
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:  # Half a surrogate pair, say.
        return json.dumps(value, default=str)


# What needs no quotes in a line of ``key=value``.
BARE = re.compile(r"[^\s\"=\\\x00-\x1f\x7f]+")


def _json(_logger: Any, _method: str, event: Event) -> str:
    return _encode(event)


def _plain(_logger: Any, _method: str, event: Event) -> str:
    """A line of ``key=value``, and below it where an exception came from. (structlog's own way of it
    takes four times as long, and each request is a line.)"""
    trace = event.pop("exception", None)
    texts = ["-" if value is None else str(value) for value in event.values()]
    # Most lines need no quotes: to look at all of one at once takes half of looking at each.
    if "" in texts or not BARE.fullmatch("".join(texts)):
        texts = [_quoted(text) for text in texts]
    line = _form(tuple(event)) % tuple(texts)
    return line if trace is None else f"{line}\n{trace}"


@lru_cache(maxsize=64)  # Each request has the same names.
def _form(names: tuple[str, ...]) -> str:
    """A line of values by names."""
    return " ".join([f"{name.replace('%', '%%')}=%s" for name in names])


def _quoted(text: str) -> str:
    return text if BARE.fullmatch(text) else _encode(text)


def _in_order(_logger: Any, _method: str, event: Event) -> Event:
    """When, how bad and what come first."""
    return {name: event.pop(name, None) for name in ("timestamp", "level", "event")} | dict(event)


def _with_request(_logger: Any, _method: str, event: Event) -> Event:
    request = current_id()
    if request is not None:
        event["request_id"] = request
    return event


RENDERERS: dict[LogFormat, Callable[[Any, str, Event], str]] = {
    LogFormat.JSON: _json,
    LogFormat.PLAIN: _plain,
}

# Says that a request ended; nothing until a log is started. It goes past `logging` and the chain of
# processors, which would cost as much as a small answer.
_requests: Callable[[Event], None] | None = None


def start_logging(log_format: LogFormat, level: LogLevel) -> None:
    """Write what is logged, by us and by libraries, to standard error from ``level`` up."""
    global _requests  # noqa: PLW0603  (one standard error, one log)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                _with_request,
                structlog.processors.format_exc_info,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _in_order,
                RENDERERS[log_format],
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Of libraries, what an operator can do something about; of ours, what was asked for.
    root.setLevel(max(level.number, logging.WARNING))
    logging.getLogger("nzc_api").setLevel(level.number)
    _requests = _writer(RENDERERS[log_format]) if level.number <= logging.INFO else None


def tell_request(record: RequestRecord) -> None:
    """Say that a request ended."""
    if _requests is None:
        return
    where = (
        {"method": record.method, "path": record.path, "status": record.status}
        if record.connection is None
        else {"connection": record.connection}
    )
    event: dict[str, Any] = {
        "timestamp": _now(),
        "level": "info",
        "event": "request",
        "request_id": record.id,
        **where,
        "operation": record.operation,
        "kind": record.kind,
        "document": record.document,
        "principal": record.principal,
        "cost": record.cost,
        "ms": round(record.seconds * 1000, 3),
        "outcome": record.outcome,
    }
    _requests(event)


def _now() -> str:
    """The moment in UTC, to the microsecond."""
    seconds, nanoseconds = divmod(time_ns(), 1_000_000_000)
    return f"{_second(seconds)}.{nanoseconds // 1000:06}Z"


@lru_cache(maxsize=1)  # Many requests end in one.
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().removesuffix("+00:00")


def _writer(render: Callable[[Any, str, Event], str]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        # A line at a time, so that lines of several processes do not mix; no answer fails for its log.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{render(None, '', event)}\n")

    return tell
