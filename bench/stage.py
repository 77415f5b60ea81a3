"""Where a measurement happens: a PostgreSQL of its own, the served API, and credits to retire."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from nzc_api.access.model import IssueApiKey, RegisterOrganisation
from nzc_api.access.principals import Principal, Role
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import ApiKeyId, OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger.commands import EnrolProject, RegisterProject
from nzc_api.ledger.model import Issuance
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Actor
from nzc_api.pilots.model import DateSpan, RegisterPilot
from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Nzc

PORT = int(os.environ.get("BENCH_PORT", "8765"))

# As many as the processors that the figures are for.
PROCESSES = 2

BATCHES = 1000
PILOTS = 100
TONNES = 100_000_000

NAME = LocalizedText("测量", "measurement")

# Of a log that SQL filled: a checkpoint of so many entries, so that the tree has none to grow by.
COMMITTED = "INSERT INTO log_checkpoint (size, root, at, note) VALUES ($1, sha256(''), now(), '')"


# So many entries more, chained as the API does, for the guard of the log compares; and the last position.
MORE_ENTRIES = """
    WITH RECURSIVE chain AS (
        SELECT position AS n, digest FROM log_head
        UNION ALL
        SELECT n + 1, nzc_digest(digest, n + 1, now(), 'API_KEY_REVOKED', 1, NULL, NULL, '{}')
          FROM chain WHERE n < (SELECT position FROM log_head) + $1
    ), entries AS (
        INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
        SELECT n, now(), 'API_KEY_REVOKED', 1, NULL, NULL, '{}', digest FROM chain
         WHERE n > (SELECT position FROM log_head)
    )
    UPDATE log_head SET position = position + $1, at = now(),
                        digest = (SELECT digest FROM chain ORDER BY n DESC LIMIT 1)
    RETURNING position
"""


@dataclass(frozen=True)
class Stage:
    """What a load needs to know."""

    postgres: EmbeddedPostgres
    secret: str
    registry: Principal
    log_id: int
    pilots: tuple[tuple[PilotId, PeriodId], ...]  # pilot, period

    def pilot_ids(self) -> list[tuple[str, str]]:
        ids = Ids(self.log_id)
        return [(ids.of("Pilot", p), ids.of("AccountingPeriod", a)) for p, a in self.pilots]


def prefix(number: int) -> str:
    return f"B-{number}"


@asynccontextmanager
async def own_postgres() -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL of the measurement's own."""
    folder = Path(tempfile.mkdtemp(prefix="nzc-bench-"))
    postgres = EmbeddedPostgres(folder)
    try:
        await asyncio.to_thread(postgres.start)
        yield postgres
    finally:
        await asyncio.to_thread(postgres.stop)
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A migrated database with batches and pilots."""
    async with own_postgres() as postgres:
        await migrate(postgres.url(OWNER_LOGIN))
        async with Nzc.on(Database(postgres.url())).running() as nzc:
            yield await _set(postgres, nzc)


@asynccontextmanager
async def served(postgres: EmbeddedPostgres) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The API as processes of its own."""
    environment = os.environ | {
        "NZC_DATABASE_URL": postgres.url(), "NZC_PORT": str(PORT), "NZC_HOST": "127.0.0.1",
        "NZC_PROCESSES": str(PROCESSES), "NZC_REQUESTS_PER_SECOND": "1000000", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    nzc = Path(sys.executable).with_name("nzc")
    process = subprocess.Popen([nzc, "serve"], env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        assert line, "it does not serve"
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


def pgbench(
    postgres: EmbeddedPostgres, seconds: float, script: str = "-N", clients: int = 8
) -> float:
    """Simple updates a second (``pgbench -N``, scale 10, 8 clients) on the same server, or what another ``script`` of
    pgbench's does."""
    program = postgres.program("pgbench")
    url = postgres.url(SUPERUSER, "postgres")
    asked = subprocess.run(
        [postgres.program("psql"), url, "-Atc", "SELECT to_regclass('pgbench_accounts')"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if not asked.stdout.strip():
        subprocess.run([program, "-i", "-q", "-s", "10", url], check=True, capture_output=True)
    done = subprocess.run(
        [program, script, "-n", "-c", str(clients), "-j", "2", "-T", str(max(int(seconds), 1)), url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])


async def _set(postgres: EmbeddedPostgres, nzc: Nzc) -> Stage:
    access, pilots, ledger = nzc.services.access, nzc.services.pilots, nzc.services.ledger
    registry = await organisation(nzc, Role.REGISTRY, "CCER")
    operator = await organisation(nzc, Role.PILOT_OPERATOR)
    holder = await organisation(nzc, Role.CREDIT_HOLDER)
    issued = await access.issue_api_key_as(
        Actor(), str(uuid4()), IssueApiKey(registry.organisation_id, "bench")
    )
    assert issued.secret is not None
    year = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
    made = [await park(nzc, operator, f"P-{number}", year) for number in range(PILOTS)]
    periods = await pilots.periods_of(made)
    registered = position_of(
        await ledger.register_project(
            registry,
            str(uuid4()),
            RegisterProject(
                code="J",
                name=NAME,
                forestry=False,
                site="somewhere",
                division_code=None,
                latitude=None,
                longitude=None,
                pilot_id=None,
            ),
        )
    )
    project = ProjectId(registered)
    enrolment = EnrolProject(
        project_id=project,
        programme="CCER",
        rule="CCER_2023",
        number="J",
        registered_on=date(2023, 11, 1),
    )
    position_of(await ledger.enrol_project(registry, str(uuid4()), enrolment))
    day = date(2022, 1, 1)
    blocks = {
        n: (
            str(uuid4()),
            IssueCredits(
                project_id=project,
                serials=SerialRange(registry="CCER", prefix=prefix(n), first=1, last=TONNES),
                programme="CCER",
                quantity=TONNES,
                produced_from=day,
                produced_to=date(2022, 12, 31),
                reductions_registered_on=date(2024, 1, 15),
                reductions_applied_on=None,
                holder_id=holder.organisation_id,
                issuance=Issuance("BENCH", BATCHES * TONNES),
            ),
        )
        for n in range(BATCHES)
    }
    for outcome in (await ledger.post_each(registry, blocks)).values():
        position_of(outcome)
    log_id = (await nzc.services.log.head()).log_id
    beneficiaries = tuple((p, periods[p][0].id) for p in made)
    return Stage(
        postgres=postgres,
        secret=issued.secret,
        registry=registry,
        log_id=log_id,
        pilots=beneficiaries,
    )


async def park(nzc: Nzc, operator: Principal, code: str, period: DateSpan) -> PilotId:
    """A park that was registered, with an accounting period."""
    command = RegisterPilot(
        code=code,
        variant=PilotVariant.PARK,
        name=NAME,
        applicant_kind=ApplicantKind.PARK_COMMITTEE,
        applicant_name=NAME,
        division_code="440100",
        establishment=Establishment.EXISTING,
        operation_starts_on=date(2010, 1, 1),
        operator_id=operator.organisation_id,
        surrounding_id=None,
        periods=(period,),
    )
    done = await nzc.services.pilots.register_pilot(operator, str(uuid4()), command)
    return PilotId(position_of(done))


async def organisation(nzc: Nzc, role: Role, *programmes: str) -> Principal:
    """An organisation that was registered, as who asks."""
    command = RegisterOrganisation(NAME, role, programmes)
    done = await nzc.services.access.register_organisation_as(Actor(), str(uuid4()), command)
    made = OrganisationId(position_of(done))
    return Principal(
        organisation_id=made, api_key_id=ApiKeyId(made), role=role, programmes=frozenset(programmes)
    )


def position_of(outcome: Outcome) -> int:
    """The position of what was accepted; it ends with the reason where that was refused."""
    assert outcome.position is not None, outcome.refusal
    return outcome.position
