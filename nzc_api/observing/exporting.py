"""Spans as OpenTelemetry has them, on their way to a collector. Imported only where traces are wanted."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from nzc_api.observing.record import OK, RequestRecord
from nzc_api.observing.tracing import Headers

# How long the last spans may take on their way when NZC stops.
LAST_SECONDS = 1


@contextmanager
def exporting(release: str) -> Iterator["ExportingTracer"]:
    """A tracer whose spans are exported during the block, as ``OTEL_…`` variables say."""
    named = Resource({"service.name": "nzc", "service.version": release})
    provider = TracerProvider(
        resource=named.merge(OTELResourceDetector().detect()), shutdown_on_exit=False
    )
    spans = BatchSpanProcessor(OTLPSpanExporter())
    provider.add_span_processor(spans)
    try:
        yield ExportingTracer(provider.get_tracer("nzc", release))
    finally:
        # A collector that is away must not keep NZC from stopping.
        last = Thread(target=spans.force_flush, name="last-spans", daemon=True)
        last.start()
        last.join(LAST_SECONDS)


class ExportingTracer:
    """Makes spans of OpenTelemetry's."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def span(self, name: str) -> AbstractContextManager[Any]:
        return self._tracer.start_as_current_span(name)

    @contextmanager
    def request_span(self, record: RequestRecord, headers: Headers) -> Iterator[None]:
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        with self._tracer.start_as_current_span(
            "request", context=extract(carrier), kind=SpanKind.SERVER, record_exception=False
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
                told = {name: fact for name, fact in facts.items() if fact is not None}
                made.set_attributes(told)
                if record.outcome != OK:
                    made.set_status(StatusCode.ERROR, record.outcome)
