"""Figures for Prometheus. A process counts its own; Prometheus adds up."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)

from nzc_api.observing.record import RequestRecord

# Names are the client's: those that come first are told apart, so that there are never more.
MOST_NAMES = 100
ANONYMOUS, OTHER = "(anonymous)", "(other)"

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
COMMANDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

registry = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)

release = Info("nzc", "The release of NZC.", registry=registry)
batch = Histogram(
    "nzc_batch_commands", "Commands that were posted together.", buckets=COMMANDS, registry=registry
)

_requests = Counter(
    "nzc_requests",
    "Operations that ended, by name and by the code of their first error (OK: none).",
    ["operation", "outcome"],
    registry=registry,
)
_seconds = Histogram(
    "nzc_request_seconds",
    "How long queries and mutations took, by name.",
    ["operation"],
    buckets=SECONDS,
    registry=registry,
)

_gauges: dict[str, Gauge] = {}
_names: set[str] = set()
# To find a figure by its labels costs more than to count.
_count: dict[tuple[str, str], Callable[[], None]] = {}
_observe: dict[str, Callable[[float], None]] = {}


def count_request(record: RequestRecord) -> None:
    """Count an operation that ended; what is none is not counted."""
    if record.document is None:
        return
    name = _bounded(record.operation)
    key = name, record.outcome
    if key not in _count:
        _count[key] = _requests.labels(*key).inc
    _count[key]()
    if record.kind == "subscription":
        return
    if name not in _observe:
        _observe[name] = _seconds.labels(name).observe
    _observe[name](record.seconds)


def show(name: str, description: str, read: Callable[[], float]) -> None:
    """Show what ``read`` says whenever Prometheus asks, from a thread of its own."""
    if name not in _gauges:
        _gauges[name] = Gauge(name, description, registry=registry)
    _gauges[name].set_function(read)


def serve(host: str, port: int | None) -> AbstractContextManager[object]:
    """Serve the figures at ``/metrics`` from now to the end of the block; nowhere without a port.

    Raises ``OSError`` where the address is not to be had.
    """
    if port is None:
        return nullcontext()
    server, _ = start_http_server(port, host, registry)
    ending = ExitStack()
    ending.callback(server.server_close)
    ending.callback(server.shutdown)
    return ending


def _bounded(name: str | None) -> str:
    if name is None:
        return ANONYMOUS
    if name not in _names:
        if len(_names) == MOST_NAMES:
            return OTHER
        _names.add(name)
    return name
