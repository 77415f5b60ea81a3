"""Evidence to take away over HTTP: the working papers of a pilot's year, the same bytes of one position, for who sees
what the pilot states."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from starlette.requests import Request
from starlette.responses import Response

from nzc_api.ids import Position
from nzc_api.ledger.model import LedgerPosting
from nzc_api.packs.asking import Asking, Questions
from nzc_api.proofs.model import Evidence
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused, refuse
from nzc_api.retirement_certificates.model import Certificate
from nzc_api.schema.kit.connections import position_in
from nzc_api.schema.kit.context import Context
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.asked import AskedAnew
from nzc_api.transport.documents import AtOnce, answered, asker_of, attachment, without_body
from nzc_api.transport.parameters import check_names, position_given
from nzc_api.transport.view import GraphQLView
from nzc_api.working_papers import questions
from nzc_api.working_papers.gathering import Gathered, Gathering, gathered
from nzc_api.working_papers.model import MOST_COMPARED, PapersAbout, Sizes
from nzc_api.working_papers.papers import PapersMaterial, files_of
from nzc_api.working_papers.rules import check_compared, check_sizes
from nzc_api.working_papers.zipped import packed

# How many are made at once, and of these for one organisation or, who has no key, for one address. Each is in memory.
MOST_MADE = 2
MOST_MADE_FOR_ONE = 1

RETRY_SECONDS = 1

# Of an address: no year has more digits.
LONGEST_YEAR = 4

NOT_SHOWN = LocalizedText(
    "在所问的位置没有该核算期的核算结果，或您看不到该试点的核算结果，因此没有证据包",
    "There was no statement of that accounting period by that position, or you do not see what the pilot states, so "
    "there is no evidence of it",
)
NOT_PROVEN = LocalizedText(
    "日志尚未为所问的位置签发检查点：通常在一秒左右之后，请稍后再取",
    "The log has no checkpoint over that position yet: it has one within a second or so; ask again then",
)


class EvidenceFiles:
    """Answers for evidence; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._made = AtOnce(MOST_MADE, MOST_MADE_FOR_ONE)
        # Where a client goes away, what it asked for is made to its end: no more than these at once.
        self._makers = ThreadPoolExecutor(MOST_MADE, "evidence")

    async def download(self, request: Request) -> Response:
        """`GET /evidence/{pilot}/{year}.zip?asOf=…&compared=…,…`."""
        return await answered(self._view, request, self._send)

    async def _send(self, request: Request) -> Response:
        check_names(request, "asOf", "compared")
        api = AskedAnew(self._view, request)
        context = await api.context()
        about, gathering = await _begun(api, context, request)
        await _check(gathering, about, context, given="asOf" in request.query_params)
        name = f"{about.pilot}-{about.year}-{about.position}.zip"
        headers = attachment("application/zip", name, about.position)
        if request.method == "HEAD":
            return without_body(headers)  # The file itself would take seconds.
        with self._made.one(await asker_of(context, request)):
            found = await gathered(gathering, about.compared)
            changes = sum(len(diff.changes) for diff in found.differences)
            _refuse_size(Sizes(changes=changes, refusals=len(found.refusals)))
            material = await _material(context, about, found, gathering.pilot)
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(self._makers, _zip_of, material)
        return Response(made, headers=headers)


def _zip_of(material: PapersMaterial) -> bytes:
    return packed(files_of(material))


async def _begun(
    api: Questions, context: Context, request: Request
) -> tuple[PapersAbout, Gathering]:
    """What is asked for, and asking about it; raises ``Refused`` where there is no such accounting period."""
    code, year = request.path_params["pilot"][:80], _year(request)
    pilot = (await api.ask(questions.BEGUN, code=code, year=year))["pilot"]
    if pilot is None:
        raise Refused(NotFound(path=("pilot",), value=code, kind_zh="试点", kind_en="pilot"))
    period = pilot["accountingPeriod"]
    if period is None:
        raise Refused(
            NotFound(path=("year",), value=str(year), kind_zh="核算期", kind_en="accounting period")
        )
    position = await _position(context, position_given(request))
    period_id = context.ids.read(period["id"], "year", kind=ACCOUNTING_PERIOD)
    log = (await context.services.log.head()).name
    about = PapersAbout(
        pilot=code,
        year=year,
        starts_on=period["startsOn"],
        ends_on=period["endsOn"],
        log=log,
        period_id=period_id,
        position=position,
        compared=_compared(request, position),
    )
    days = about.starts_on, about.ends_on
    return about, Gathering(
        asking=Asking(api, position), pilot=pilot["id"], period=period["id"], days=days
    )


async def _position(context: Context, asked: int | None) -> Position:
    """The position asked for, or the last one, of which the log has committed to all."""
    provable = await context.services.certificates.provable()
    position = provable if asked is None else await context.as_of(asked)
    if position > provable or not provable:
        _not_proven()
    return position


async def _check(
    gathering: Gathering, about: PapersAbout, context: Context, *, given: bool
) -> None:
    """Raise where nothing is shown, or there would be too much of it; ``given``: a position was asked for."""
    if await gathering.statement(about.position) is None:
        if not given and await gathering.statement(await context.now()) is not None:
            _not_proven()  # It is there, and soon proven.
        raise RequestRefused(404, NOT_SHOWN, "EVIDENCE_NOT_SHOWN")
    _refuse_size(await gathering.sizes(about.compared))


def _not_proven() -> NoReturn:
    again = {"Retry-After": str(RETRY_SECONDS)}
    raise RequestRefused(
        status=404, message=NOT_PROVEN, code="EVIDENCE_NOT_PROVEN_YET", headers=again
    )


def _refuse_size(sizes: Sizes) -> None:
    why = check_sizes(sizes)
    if why is not None:
        raise RequestRefused(413, why, "EVIDENCE_TOO_LARGE")


async def _material(
    context: Context, about: PapersAbout, found: Gathered, pilot: str
) -> PapersMaterial:
    """What the API does not answer, read where it keeps nobody waiting: certificates and proofs, by whom."""
    apart = context.apart()

    async def read() -> tuple[list[Certificate], Mapping[int, LedgerPosting], Evidence | None]:
        services, position = apart.services, about.position
        sight = await apart.sight()
        every = await services.certificates.certificates(Position(about.period_id), position, sight)
        certificates = [] if every is None else [every[0], *every[1]]
        gone = {
            serials.position for c in certificates[:1] for r in c.retired for serials in r.withdrawn
        }
        born = [context.ids.find(thing) for thing in (pilot, *found.things)]
        named = {place for _, place in filter(None, born) if isinstance(place, int)}
        named |= {about.period_id}
        proven = {Position(at) for at in named}.union(
            found.positions, *(c.proven_by for c in certificates[:1])
        )
        return (
            certificates,
            await services.trace.postings(gone),
            await services.proofs.evidence(sorted(proven), position),
        )

    certificates, postings, evidence = await context.execution.worker.run(read)
    if evidence is None:
        _not_proven()
    principal = await context.principal()
    return PapersMaterial(
        about=about,
        gathered=found,
        certificates=certificates,
        postings=postings,
        evidence=evidence,
        principal=principal,
    )


def _year(request: Request) -> int:
    given = request.path_params["year"]
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_YEAR):
        raise Refused(
            InvalidInput(
                path=("year",), value=given[:80], expected_zh="年份，如2025", expected_en="a year, such as 2025"
            )
        )  # fmt: skip
    return int(given)


def _compared(request: Request, position: Position) -> tuple[Position, ...]:
    """The positions that `compared` says, with commas between them; raises ``Refused`` where they are none."""
    given = request.query_params.get("compared")
    if given is None:
        return ()
    # What is none is 0, which is before every position.
    compared = tuple(Position(position_in(text) or 0) for text in given.split(",", MOST_COMPARED))
    refuse(check_compared(compared, position, given))
    return compared
