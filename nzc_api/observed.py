"""What an operator sees of a process that serves, besides its log: its figures, its traces."""

from collections.abc import Iterator
from contextlib import contextmanager

from nzc_api.database.migrate import head_revision
from nzc_api.observing import metrics
from nzc_api.observing.tracing import tracing
from nzc_api.refusal import Failed
from nzc_api.release import RELEASE
from nzc_api.settings import Settings


class CannotShowFigures(Failed):
    """The address of the figures is not to be had; the text says why and what to do."""


@contextmanager
def observed(settings: Settings, number: int = 0) -> Iterator[None]:
    """Show figures and trace during the block, in the process of that number.

    Raises ``CannotShowFigures``, and ``CannotTrace`` where OpenTelemetry is not installed.
    """
    metrics.release.info({"release": RELEASE, "revision": head_revision()})
    host, port = settings.metrics_host, settings.metrics_port
    # What each counts is its own: each has a port of its own.
    own_port = None if port is None else port + number
    with tracing(RELEASE, wanted=settings.traces):
        try:
            server = metrics.serve(host, own_port)
        except OSError as error:
            raise CannotShowFigures(
                f"无法在{host}:{own_port}提供监控指标，请另设NZC_METRICS_PORT。",
                f"NZC cannot show its figures at {host}:{own_port}: {error.strerror}. Set NZC_METRICS_PORT "
                "to another port.",
            ) from error
        with server:
            yield
