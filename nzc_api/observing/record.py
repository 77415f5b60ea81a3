"""What is known of the request at hand: whoever finds something out writes it here; it is told once."""

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

# Operation names are the client's: longer ones are cut.
LONGEST_NAME = 80

OK = "OK"


@dataclass(slots=True)
class RequestRecord:
    """A request, or one operation of a WebSocket, whose request is ``connection``.

    ``principal`` is the position of the caller's organisation, known only where somebody asked who
    calls; ``cost`` is null where it was not reckoned; ``failure`` is the code of the first error.
    """

    id: str
    connection: str | None = None
    method: str = "WEBSOCKET"
    path: str | None = None
    status: int | None = None
    operation: str | None = None
    kind: str | None = None
    document: str | None = None
    principal: int | None = None
    cost: int | None = None
    failure: str | None = None
    began: float = field(default_factory=perf_counter)

    @property
    def outcome(self) -> str:
        return self.failure or OK

    @property
    def seconds(self) -> float:
        return perf_counter() - self.began

    def failed(self, code: str) -> None:
        """Remember why it failed; what went wrong first is what counts."""
        if self.failure is None:
            self.failure = code

    def asks(self, query: str | None) -> None:
        """Name the document: the first 16 digits of its SHA-256."""
        text = (query or "").encode("utf-8", "surrogatepass")
        self.document = hashlib.sha256(text).hexdigest()[:16]

    def executes(self, name: str | None, kind: str) -> None:
        """Say which operation of the document it is."""
        self.operation, self.kind = name and name[:LONGEST_NAME], kind


_current: ContextVar[RequestRecord | None] = ContextVar("request", default=None)


def current() -> RequestRecord:
    """The record of the request at hand; outside of any, one that nobody reads."""
    return _current.get() or RequestRecord("")


def set_current(record: RequestRecord) -> None:
    """Make ``record`` that of the task at hand and of all that it starts."""
    _current.set(record)


def current_id() -> str | None:
    """The id of the request at hand, if there is one."""
    record = _current.get()
    return None if record is None else record.id
