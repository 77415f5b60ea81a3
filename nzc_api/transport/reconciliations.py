"""Registries' lists over HTTP: handed in whole, compared with the ledger, and the report of it, which is kept."""

import asyncio
import hashlib
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nzc_api.files.vocabulary import programme_of
from nzc_api.ledger.programmes import PROGRAMMES, Programme
from nzc_api.ledger.reconciling.model import Found, ReconcileList, Reconciliation
from nzc_api.ledger.reconciling.reconcile_file import UnreadableList
from nzc_api.ledger.reconciling.rules import TooLarge, check_list_size
from nzc_api.refusal import InvalidInput, LocalizedText, Refused
from nzc_api.schema.kit.context import Context
from nzc_api.schema.kit.kinds import RECONCILIATION
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.arrival import LONGEST_TRANSFER
from nzc_api.transport.conditional import is_known
from nzc_api.transport.documents import AtOnce, answered, attachment, seen
from nzc_api.transport.media_types import plain
from nzc_api.transport.parameters import check_names, key_given
from nzc_api.transport.view import GraphQLView

# How many lists a process compares at once, and of these of one registry.
MOST_COMPARED = 2
MOST_COMPARED_OF_ONE = 1

# What a list may call itself: which of the two forms it has follows from that.
JSON_LINES = {"application/x-ndjson", "application/jsonl"}

# Who sees a reconciliation sees its report: it is asked for as anybody asks for it.
SEEN = "query ($id: ID!) { node(id: $id) { ... on Reconciliation { programme { code } reportSha256 } } }"

TOO_LONG = LocalizedText(
    f"对账未能在{LONGEST_TRANSFER}秒内完成：请由运行者在服务器上使用nzc reconcile",
    f"The list was not compared within {LONGEST_TRANSFER} s: let the operator compare it on the server "
    "(`nzc reconcile`)",
)


class Reconciliations:
    """Answers for registries' lists; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._compared = AtOnce(MOST_COMPARED, MOST_COMPARED_OF_ONE)

    @property
    def routes(self) -> list[Route]:
        """`POST /reconciliations?programme=…` with `Idempotency-Key` and the list as body; and `GET …/report.csv`."""
        report = "/reconciliations/{id}/report.csv"
        return [
            Route("/reconciliations", partial(self._answer, self._receive), methods=["POST"]),
            Route(report, partial(self._answer, self._send), methods=["GET"]),
        ]

    async def _answer(self, answer: Any, request: Request) -> Response:
        return await answered(self._view, request, answer)

    async def _receive(self, request: Request) -> Response:
        check_names(request, "programme")
        programme = _programme(request.query_params.get("programme", ""))
        context = await self._view.get_context(request, Response())
        service = context.services.reconciling
        caller = service.check(await context.principal(), programme)
        key = key_given(request)
        with self._compared.one(caller.organisation_id), tempfile.TemporaryDirectory() as folder:
            try:
                path, sha256 = await _body(request, Path(folder))
                command = ReconcileList(programme.code, sha256)
                # What was answered before need not be compared once more.
                outcome = await service.answered(caller, key, command)
                if outcome is None:
                    found = await self._compare(context, programme, path)
                    outcome = await service.keep(caller, key, command, found)
            except TooLarge as error:
                raise RequestRefused(413, error.message, "REGISTRY_LIST_TOO_LARGE") from None
            except TimeoutError:
                raise RequestRefused(504, TOO_LONG, "TIMED_OUT") from None
            except UnreadableList as error:
                raise RequestRefused(400, error.message, "REGISTRY_LIST_UNREADABLE") from None
        if outcome.refusal is not None:
            raise Refused(outcome.refusal)
        assert outcome.position is not None
        kept = (await service.reconciliations([outcome.position]))[outcome.position]
        told = _told(context, kept) | {"replayed": outcome.replayed}
        return JSONResponse(told, 200 if outcome.replayed else 201)

    async def _compare(self, context: Context, programme: Programme, path: Path) -> Found:
        """The comparison, where it keeps nobody waiting."""
        service = context.execution.services.reconciling
        async with asyncio.timeout(LONGEST_TRANSFER):
            return await context.execution.worker.run(lambda: service.compare(programme, path))

    async def _send(self, request: Request) -> Response:
        context = await self._view.get_context(request, Response())
        given = request.path_params["id"]
        found = await seen(self._view, context, SEEN, given, "对账", "reconciliation")
        name = f"{found['programme']['code']}-reconciliation.csv"
        headers = attachment("text/csv; charset=utf-8", name) | {
            "ETag": f'"{found["reportSha256"]}"'
        }
        if is_known(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        position = context.ids.read(given, "id", kind=RECONCILIATION)
        return Response(await context.services.reconciling.report(position), headers=headers)


def _told(context: Context, kept: Reconciliation) -> dict[str, Any]:
    """What is told of a reconciliation as it is kept."""
    name = context.ids.of("Reconciliation", kept.id)
    return {
        "id": name,
        "position": str(kept.id),
        "asOfPosition": str(kept.position),
        "programme": kept.programme,
        "list": {"sha256": kept.list_sha256, "size": str(kept.list_size)},
        "report": {
            "sha256": kept.report_sha256,
            "size": str(kept.report_size),
            "address": f"reconciliations/{name}/report.csv",
        },
        "outcomes": {
            outcome: {"rows": str(counted.rows), "quantity": str(counted.tonnes)}
            for outcome, counted in kept.sums.items()
        },
    }


def _programme(given: str) -> Programme:
    code = programme_of(given)
    if code is None:
        programmes = ", ".join(PROGRAMMES)
        raise Refused(
            InvalidInput(
                path=("programme",),
                value=given[:80],
                expected_zh=f"以下机制之一：{programmes}",
                expected_en=f"one of the programmes {programmes}",
            )
        )
    return PROGRAMMES[code]


async def _body(request: Request, folder: Path) -> tuple[Path, str]:
    """The list as a file, and its SHA-256; raises ``TooLarge`` as soon as too much of it has come."""
    lines = plain(request.headers.get("content-type")) in JSON_LINES
    path, size, digest = folder / ("list.jsonl" if lines else "list.csv"), 0, hashlib.sha256()
    with path.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            check_list_size(size)
            digest.update(part)
            file.write(part)
    return path, digest.hexdigest()
