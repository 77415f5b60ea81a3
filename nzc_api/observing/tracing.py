"""Traces: a span a request and one a use of the database; without OpenTelemetry, or unwanted, nothing at all."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import Any, Protocol

from nzc_api.observing.record import RequestRecord
from nzc_api.refusal import Failed

Headers = Iterable[tuple[bytes, bytes]]

_OFF: AbstractContextManager[None] = nullcontext()


class Tracer(Protocol):
    """What makes spans."""

    def span(self, name: str) -> AbstractContextManager[Any]: ...

    def request_span(
        self, record: RequestRecord, headers: Headers
    ) -> AbstractContextManager[None]: ...


_tracer: Tracer | None = None


class CannotTrace(Failed):
    """OpenTelemetry is not installed; the text says how to."""


@contextmanager
def tracing(release: str, *, wanted: bool) -> Iterator[None]:
    """Trace during the block, if it is wanted; where spans go is said by ``OTEL_…`` variables."""
    global _tracer  # noqa: PLW0603  (one process, one trace of it)
    if not wanted:
        yield
        return
    try:
        # Few have it, and it is long in loading.
        exporting = import_module("nzc_api.observing.exporting").exporting
    except ImportError:
        raise CannotTrace(
            "NZC_TRACES需要OpenTelemetry：pip install 'nzc-api[otel]'。",
            "NZC_TRACES needs OpenTelemetry: pip install 'nzc-api[otel]'.",
        ) from None
    with exporting(release) as _tracer:
        try:
            yield
        finally:
            _tracer = None


def span(name: str) -> AbstractContextManager[Any]:
    """A span of what the block does, within that of the request at hand."""
    return _OFF if _tracer is None else _tracer.span(name)


def request_span(record: RequestRecord, headers: Headers) -> AbstractContextManager[None]:
    """The span of a request, in the trace that its ``traceparent`` header names."""
    return _OFF if _tracer is None else _tracer.request_span(record, headers)
