"""NZC, served from one process without one of its short ways: ``python -m bench.shortened WAY URL``."""

import sys

from bench.stage import PORT
from nzc_api.app import create_app
from nzc_api.serving import listening, serve
from nzc_api.settings import Settings
from nzc_api.shortcuts.install import PARTS
from nzc_api.stopping import Stop
from nzc_api.transport.view import GraphQLView

# Ways that are none of a schema's, and those that rest on another.
PACKETS, VIEW = "packets", "view"
RESTING = {"inputs": ("resolvers",)}

WAYS = (*PARTS, PACKETS, VIEW)


def leave_out(way: str) -> None:
    """Have the way, and what rests on it, not be there."""
    for part in (way, *RESTING.get(way, ())):
        PARTS.pop(part, None)
    if way == VIEW:
        GraphQLView.operate = GraphQLView.run  # type: ignore[method-assign]


def main(way: str, url: str) -> None:
    leave_out(way)
    stop = Stop()
    with listening("127.0.0.1", PORT) as (listener,), stop.heard():
        app = create_app(url, Settings(requests_per_second=0))
        say = lambda: print("serves", flush=True)  # noqa: E731
        serve(app, listener, stop, say, shortcuts=way != PACKETS)


if __name__ == "__main__":
    main(*sys.argv[1:])
