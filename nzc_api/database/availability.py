"""Whether the database is there: told once when it goes away, and once when it is back."""

import logging
from collections.abc import Awaitable, Callable
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from nzc_api.observing import tracing

if TYPE_CHECKING:
    from nzc_api.database.engine import Database, DatabaseUnavailable

logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())  # Commands without a log say it themselves.


class Availability:
    """What the uses of a database say about it.

    Only a use that began since it was last told counts: of those that went on meanwhile some failed
    late, or ended well because they had all they needed. ``away`` is how a use fails without it. Threads
    may share it.
    """

    def __init__(self, away: type["DatabaseUnavailable"]) -> None:
        self.available = True
        # The server that was found fit, as it is known by; sessions begin with no other. None: any.
        self.server: tuple[object, ...] | None = None
        # How one is found fit; raises where it is not.
        self.check: Callable[[Database], Awaitable[tuple[object, ...]]]
        self._turning = Lock()
        self._away = away
        self._since = 0.0

    def use(self, name: str) -> "Use":
        """A use of the database, during a block; with traces, a span."""
        return Use(self, name)

    def found(self, began: float, failure: BaseException | None) -> None:
        """Learn from a use how it ended."""
        if isinstance(failure, self._away) is not self.available:
            return
        with self._turning:
            if began >= self._since and isinstance(failure, self._away) is self.available:
                self._turn(failure)

    def _turn(self, failure: BaseException | None) -> None:
        if isinstance(failure, self._away):
            logger.warning(
                "database_away", extra={"reason": failure.reason.en, "cause": str(failure)}
            )
        elif failure is None:
            logger.warning("database_back")
        else:
            return  # Of what was our own mistake, or was cancelled, nothing is learned.
        self.available, self._since = not self.available, monotonic()


class Use:
    """One use; as a class, because every request has several."""

    __slots__ = ("_availability", "_began", "_span")

    def __init__(self, availability: Availability, name: str) -> None:
        self._availability = availability
        self._span = tracing.span(name)

    def __enter__(self) -> None:
        self._began = monotonic()
        self._span.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._span.__exit__(kind, failure, trace)
        self._availability.found(self._began, failure)
