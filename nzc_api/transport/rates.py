"""How often a client may ask: a key, or an address without one."""

from collections import OrderedDict
from collections.abc import Hashable
from math import ceil
from time import monotonic

from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.context import Client
from nzc_api.transport.answers import RequestRefused

TOO_OFTEN = LocalizedText(
    "请求过于频繁：请在{seconds}秒后重试", "You ask too often: try again in {seconds} s"
)

# How much a client may ask at once, in seconds' worth of its rate.
BURST_SECONDS = 2.0

# What an address may ask with all its keys, which it may make up, beside what one client may.
CLIENTS_OF_AN_ADDRESS = 10

# Those not heard of for longest are forgotten: memory is bounded.
MOST_CLIENTS = 10_000


class Rates:
    """At most ``per_second`` requests of each client in the long run; 0 for as many as it likes.

    Of each client the moment is kept until which its requests so far take at its rate (the generic cell
    rate algorithm).
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def check(self, client: Client) -> None:
        """Count an operation of a client; raises ``RequestRefused`` where it asks more often than it may."""
        if not self._per_second:
            return
        seconds = self._take(client.address, self._per_second * CLIENTS_OF_AN_ADDRESS)
        if not seconds:
            whose = client.address, client.authorization
            seconds = self._take(whose, self._per_second)
        if seconds:
            message = LocalizedText(
                TOO_OFTEN.zh.format(seconds=seconds), TOO_OFTEN.en.format(seconds=seconds)
            )
            raise RequestRefused(
                status=429,
                message=message,
                code="RATE_LIMITED",
                headers={"Retry-After": str(seconds)},
            )

    def _take(self, client: Hashable, per_second: float) -> int:
        now = monotonic()
        until = max(self._until.pop(client, now), now) + 1 / per_second
        beyond = until - now - BURST_SECONDS
        self._until[client] = until if beyond <= 0 else until - 1 / per_second
        if len(self._until) > MOST_CLIENTS:
            self._until.popitem(last=False)
        return ceil(beyond) if beyond > 0 else 0
