"""How fast NZC answers what is read, as ratios of rates in one run: medians of alternating runs.

``python -m bench.reads [--before REF] [--postgraphile FOLDER] [--runs 5] [--seconds 5] [--only CASE]``: beside NZC as
it is stand ``pgbench -S`` (8 clients) on the same server; NZC as it was at a git revision, each on a database that its
own code set up; PostGraphile 5, on the same database, where a folder is given into which it was installed; and a bare
Starlette route. Who cannot be asked here is left out, and it is said why. The load generator is pinned to the last
processor. Processor time is that of a side's own processes, PostgreSQL's left out.
"""

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx

from bench.posting import over_http
from bench.read_cases import CODES, RETIRED, Asked, Case, cases
from bench.read_sides import HERE, Absent, Side, bare, nzc, postgraphile, staged, tree_of
from bench.stage import PORT, pgbench
from nzc_api.database.embedded import EmbeddedPostgres

CONNECTIONS = 16
MOST_A_SECOND = 20_000

NOW, BEFORE, THERE, BARE = "now", "before", "PostGraphile", "bare"


class Figure(NamedTuple):
    """Requests a second, and milliseconds of the processor for each."""

    rate: float
    cpu: float


Figures = dict[tuple[str, str], list[Figure]]


def post(side: Side, asked: Asked) -> list[bytes]:
    """Requests to a side, one after another; each of the same is the same object."""
    query, given = asked
    return [_request(side, "POST", "", _body(query, variables)) for variables in given]


def get(side: Side, variables: dict[str, Any], *headers: str) -> bytes:
    """The request of the same answer again and again."""
    return _request(side, "GET", f"?{_query(variables)}", b"", *headers)


def _body(query: str, variables: dict[str, Any]) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def _query(variables: dict[str, Any]) -> str:
    return urlencode({"query": RETIRED, "variables": json.dumps(variables)})


def _request(side: Side, method: str, asked: str, body: bytes, *headers: str) -> bytes:
    lines = (
        f"{method} /graphql{asked} HTTP/1.1", f"Host: 127.0.0.1:{side.port}", "Content-Type: application/json",
        f"Content-Length: {len(body)}", *headers, "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + body


def measure(side: Side, requests: list[bytes], seconds: float) -> Figure:
    """What a side does in so many seconds."""
    most = int(MOST_A_SECOND * seconds)
    began = side.cpu()
    told = over_http(
        (requests * (most // len(requests) + 1))[:most], CONNECTIONS, seconds, side.port
    )
    return Figure(
        told["requests"] / told["seconds"], 1000 * (side.cpu() - began) / told["requests"]
    )


@contextmanager
def sides(
    before: str | None, folder: Path | None
) -> Iterator[tuple[EmbeddedPostgres, dict[str, Side]]]:
    """Who is asked, by name."""
    with ExitStack() as stack:
        postgres = stack.enter_context(staged(HERE))
        asked = {NOW: stack.enter_context(nzc(HERE, postgres, PORT))}
        try:
            tree = stack.enter_context(tree_of(before))
            asked[BEFORE] = stack.enter_context(
                nzc(tree, stack.enter_context(staged(tree)), PORT + 1)
            )
        except Absent as absent:
            print(f"{BEFORE} is left out: {absent}")
        try:
            asked[THERE] = stack.enter_context(postgraphile(folder, postgres, PORT + 2))
        except Absent as absent:
            print(f"{THERE} is left out: {absent}")
        with httpx.Client() as client:
            body = client.post(_url(asked[NOW]), content=_body(RETIRED, CODES[0]), headers=JSON)
        asked[BARE] = stack.enter_context(bare(body.content, PORT + 3))
        yield postgres, asked


JSON = {"content-type": "application/json"}


def _url(side: Side) -> str:
    return f"http://127.0.0.1:{side.port}/graphql"


def cursors(side: Side) -> list[str]:
    """Where pages of 20 pilots may begin."""
    query = "{ pilots(first: 80) { edges { cursor } } }"
    found = httpx.post(_url(side), json={"query": query}).json()
    return [edge["cursor"] for edge in found["data"]["pilots"]["edges"]]


def check_same(case: Case, asked: dict[str, Side]) -> None:
    """NZC answers as it did before, to the byte (where logs have the same name, which ids have in them)."""
    query, given = case.asked
    answers = {
        name: [
            httpx.post(_url(side), content=_body(query, variables), headers=JSON).content
            for variables in given[:20]
        ]
        for name, side in asked.items()
        if name in (NOW, BEFORE)
    }
    assert all(b'"errors"' not in answer for said in answers.values() for answer in said), answers
    assert answers.get(BEFORE, answers[NOW]) == answers[NOW], case.name


def tag(side: Side) -> str:
    """The tag of the answer that is asked for again and again."""
    answer = httpx.get(f"{_url(side)}?{_query(CODES[0])}")
    return answer.headers["etag"]


def run(
    wanted: list[Case],
    asked: dict[str, Side],
    postgres: EmbeddedPostgres,
    seconds: float,
    figures: Figures,
) -> None:
    """One round of all; each figure is told as it is found, so that a run that is cut off tells some."""

    def note(case: str, name: str, figure: Figure) -> None:
        figures[case, name].append(figure)
        print(f"{case}, {name}: {figure.rate:.1f} a second, {figure.cpu:.3f} ms", flush=True)

    note("pgbench -S", "pgbench", Figure(pgbench(postgres, seconds, "-S"), 0))
    for case in wanted:
        for name in (NOW, BEFORE):
            if name in asked:
                side = asked[name]
                note(case.name, name, measure(side, post(side, case.asked), seconds))
        if case.there is not None and THERE in asked:
            there = asked[THERE]
            note(case.name, THERE, measure(there, post(there, case.there), seconds))
    now, route = asked[NOW], asked[BARE]
    header = f"If-None-Match: {tag(now)}"
    note("asked again: 304", NOW, measure(now, [get(now, CODES[0], header)], seconds))
    note("asked again: kept", NOW, measure(now, [get(now, CODES[0])], seconds))
    note("asked again", BARE, measure(route, [get(route, CODES[0])], seconds))


def show(wanted: list[Case], figures: Figures) -> None:
    median = {key: statistics.median(f.rate for f in runs) for key, runs in figures.items()}
    print(f"\n{'':42} {'a second':>10} {'least':>10} {'most':>10} {'CPU ms':>8}")
    for (asked, name), runs in figures.items():
        rates, cpu = (
            [figure.rate for figure in runs],
            statistics.median(figure.cpu for figure in runs),
        )
        print(
            f"{asked + ', ' + name:42} {median[asked, name]:10.1f} {min(rates):10.1f} {max(rates):10.1f} {cpu:8.3f}"
        )
    print("\nratios of medians")
    for case in wanted:
        for other, bounds in ((THERE, case.of_there), (BEFORE, case.of_before), ("pgbench", None)):
            key = ("pgbench -S", other) if other == "pgbench" else (case.name, other)
            if key in median:
                ratio = median[case.name, NOW] / median[key]
                said = "" if bounds is None else f"   (floor {bounds[0]}, aim {bounds[1]})"
                print(f"{case.name + ' / ' + other:42} {ratio:10.3f}{said}")
    for again in ("asked again: 304", "asked again: kept"):
        ratio = median[again, NOW] / median["asked again", BARE]
        print(f"{again + ' / bare':42} {ratio:10.3f}   (floor 0.5)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reads")
    parser.add_argument("--before", metavar="REF")
    parser.add_argument("--postgraphile", metavar="FOLDER", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", metavar="CASE", action="append")
    given = parser.parse_args()
    figures: Figures = defaultdict(list)
    with sides(given.before, given.postgraphile) as (postgres, asked):
        wanted = [c for c in cases(cursors(asked[NOW])) if not given.only or c.name in given.only]
        for case in wanted:
            check_same(case, asked)
        for _ in range(given.runs):
            run(wanted, asked, postgres, given.seconds, figures)
    show(wanted, figures)


if __name__ == "__main__":
    main()
