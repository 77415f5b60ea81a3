"""What NZC is at, as figures that Prometheus asks for."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nzc_api.observing import metrics

if TYPE_CHECKING:
    from nzc_api.proofs.witnessing import WitnessService
    from nzc_api.schema.kit.context import Execution
    from nzc_api.services import Nzc
    from nzc_api.webhooks.delivering import DeliveryService


def show_figures(
    nzc: "Nzc", execution: "Execution", deliveries: "DeliveryService", witnesses: "WitnessService"
) -> None:
    """Let Prometheus ask what NZC is at."""
    database, poster, feed = nzc.database, nzc.poster, nzc.services.feed
    history, proofs = nzc.services.log.history, nzc.services.proofs
    figures: Mapping[str, tuple[str, Callable[[], float]]] = {
        "nzc_database_up": (
            "Whether the database is there: 1, or 0.",
            lambda: float(database.availability.available),
        ),
        "nzc_pool_in_use": ("Database connections in use.", lambda: database.in_use),
        "nzc_pool_size": ("Database connections there may be.", lambda: database.pool_size),
        "nzc_queue_commands": ("Commands that wait to be posted.", lambda: poster.waiting),
        "nzc_dear_operations": (
            "Dear operations that are executed, or wait to be.",
            lambda: execution.worker.load,
        ),
        "nzc_subscriptions": (
            "Subscriptions that follow the log.",
            lambda: execution.subscriptions.total,
        ),
        "nzc_follower_lag_entries": (
            "Entries that the subscription furthest behind has not taken yet.",
            lambda: feed.lag,
        ),
        "nzc_commit_unconfirmed": (
            "Whether a synchronous standby is waited for, longer than a commit may take: 1, or 0.",
            lambda: float(database.replication.awaited),
        ),
        "nzc_history_diverged": (
            "Whether the log lacks what this process has answered from: 1, or 0.",
            lambda: float(history.diverged),
        ),
        "nzc_log_tree_broken": (
            "Whether the log's tree is not what was committed to, at this process's last look: 1, or 0.",
            lambda: float(proofs.broken),
        ),
        "nzc_log_witnesses_failing": (
            "Witnesses that did not cosign when this process asked them last.",
            lambda: witnesses.failing,
        ),
        "nzc_webhooks_pending_entries": (
            "Entries that the webhook endpoint furthest behind was not told yet.",
            lambda: deliveries.backlog.pending,
        ),
        "nzc_webhooks_failing": (
            "Webhook endpoints that did not accept the last event.",
            lambda: deliveries.backlog.failing,
        ),
        "nzc_log_position": (
            "The last position of the log that this process saw; at most 10 s old.",
            lambda: history.seen.position if history.seen else 0,
        ),
    }
    for name, (description, read) in figures.items():
        metrics.show(name, description, read)
