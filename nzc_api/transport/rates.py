"""How often a client may ask: a key, or an address without one."""

from collections import OrderedDict
from collections.abc import Hashable
from math import ceil
from time import monotonic

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

    def seconds_to_wait(self, address: str, authorization: str | None) -> int:
        """How long the client must wait before it asks; 0 where it may, and then it has."""
        if not self._per_second:
            return 0
        wait = self._take(address, self._per_second * CLIENTS_OF_AN_ADDRESS)
        if not wait:
            wait = self._take((address, authorization), self._per_second)
        return wait

    def _take(self, client: Hashable, per_second: float) -> int:
        now = monotonic()
        until = max(self._until.pop(client, now), now) + 1 / per_second
        beyond = until - now - BURST_SECONDS
        self._until[client] = until if beyond <= 0 else until - 1 / per_second
        if len(self._until) > MOST_CLIENTS:
            self._until.popitem(last=False)
        return ceil(beyond) if beyond > 0 else 0
