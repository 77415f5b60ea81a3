"""Traces by OpenTelemetry: a span a request and one a use of the database; without them, nothing at all."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Thread
from typing import Any

from nzc_api.observing.record import OK, RequestRecord
from nzc_api.refusal import Failed

# How long the last spans may take on their way when NZC stops.
LAST_SECONDS = 1

Headers = Iterable[tuple[bytes, bytes]]

_OFF: AbstractContextManager[None] = nullcontext()

_tracer: Any = None


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
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise CannotTrace(
            "NZC_TRACES需要OpenTelemetry：pip install 'nzc-api[otel]'。",
            "NZC_TRACES needs OpenTelemetry: pip install 'nzc-api[otel]'.",
        ) from None
    named = Resource({"service.name": "nzc", "service.version": release})
    provider = TracerProvider(
        resource=named.merge(OTELResourceDetector().detect()), shutdown_on_exit=False
    )
    spans = BatchSpanProcessor(OTLPSpanExporter())
    provider.add_span_processor(spans)
    _tracer = provider.get_tracer("nzc", release)
    try:
        yield
    finally:
        _tracer = None
        # A collector that is away must not keep NZC from stopping.
        last = Thread(target=spans.force_flush, name="last-spans", daemon=True)
        last.start()
        last.join(LAST_SECONDS)


def span(name: str) -> AbstractContextManager[Any]:
    """A span of what the block does, within that of the request at hand."""
    return _OFF if _tracer is None else _tracer.start_as_current_span(name)


@contextmanager
def _request_span(record: RequestRecord, headers: Headers) -> Iterator[None]:
    from opentelemetry.propagate import extract  # noqa: PLC0415
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

    with _tracer.start_as_current_span(
        "request",
        context=extract(
            {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        ),
        kind=SpanKind.SERVER,
        record_exception=False,
    ) as made:
        try:
            yield
        finally:
            if record.kind is not None:
                made.update_name(f"{record.kind} {record.operation or ''}".strip())
            facts = {
                "nzc.request_id": record.id,
                "nzc.document": record.document,
                "nzc.outcome": record.outcome,
                "nzc.principal": record.principal,
                "graphql.operation.name": record.operation,
                "graphql.operation.type": record.kind,
            }
            made.set_attributes({name: fact for name, fact in facts.items() if fact is not None})
            if record.outcome != OK:
                made.set_status(StatusCode.ERROR, record.outcome)


def request_span(record: RequestRecord, headers: Headers) -> AbstractContextManager[None]:
    """The span of a request, in the trace that its ``traceparent`` header names."""
    return _OFF if _tracer is None else _request_span(record, headers)
