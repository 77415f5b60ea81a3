"""A province to measure: pilots with ten years of inventories, targets, and what was retired for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

import asyncpg

from bench.stage import COMMITTED, NAME, organisation, position_of
from nzc_api.access.principals import Principal, Role
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import Measurement
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import ApplicantKind, Category, Establishment, PilotVariant
from nzc_api.ids import InventoryId, PeriodId, PilotId, ProjectId
from nzc_api.inventories.model import Basis, CreateInventory, NewLine, VerifyInventory
from nzc_api.inventories.service import SUBMISSION, VERIFICATION
from nzc_api.ledger.commands import EnrolProject, RegisterProject
from nzc_api.ledger.model import Issuance
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.posting.verbs.retiring import RetireSerials
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import DateSpan, RegisterPilot
from nzc_api.services import Nzc
from nzc_api.statements.gross import categories_expected
from nzc_api.targets.model import BaselineTerms, Ceiling, RecordTarget, TargetRoute, TargetTerms

PILOTS = 500
YEARS = range(2013, 2023)
LINES = 20  # of each inventory: 100,000 in all
PROJECTS = 20
RETIREMENTS = 20_000
ITEMS = 1_000

# A building of every five pilots lies in the park before it.
KINDS = (
    (PilotVariant.PARK, ApplicantKind.PARK_COMMITTEE),
    (PilotVariant.BUILDING_EXISTING, ApplicantKind.BUILDING_OPERATOR),
    (PilotVariant.ENTERPRISE, ApplicantKind.ENTERPRISE_OR_INSTITUTION),
    (PilotVariant.COMMUNITY_URBAN, ApplicantKind.RESIDENTS_COMMITTEE),
    (PilotVariant.TRANSPORT, ApplicantKind.TRANSPORT_UNIT),
)

# Inventories as they would be, had each been recorded: what is measured is reading them. The survey of the first year
# is what the targets begin with.
FILL = """
    WITH model AS (
        SELECT i.*, p.variant, (SELECT position FROM log_head) AS head FROM inventory AS i
          JOIN pilot AS p ON p.id = i.pilot_id
    ), made AS (
        SELECT m.id AS model_id, a.id AS period_id, a.pilot_id, a.starts_on, a.ends_on,
               m.head + 1 + 30 * (row_number() OVER (ORDER BY a.id) - 1) AS id
          FROM accounting_period AS a JOIN pilot AS p ON p.id = a.pilot_id JOIN model AS m USING (variant)
         WHERE a.id <> m.period_id
    ), inventories AS (
        INSERT INTO inventory (id, pilot_id, period_id, phase, basis, gwp_set, factor_list, factor_list_version,
                               starts_on, ends_on, not_occurring, series_id, version, submitted_position,
                               verified_position, verifier_id, electricity_method)
        SELECT made.id, made.pilot_id, made.period_id, m.phase,
               CASE WHEN made.starts_on = $1 THEN 'HISTORICAL' ELSE 'OPERATIONAL' END, m.gwp_set, m.factor_list,
               m.factor_list_version, made.starts_on, made.ends_on, m.not_occurring, made.id, 1, made.id + 28,
               made.id + 29, m.verifier_id, m.electricity_method
          FROM made JOIN model AS m ON m.id = made.model_id
    ), source AS (
        SELECT l.*, row_number() OVER (PARTITION BY inventory_id ORDER BY id) AS number FROM inventory_line AS l
    ), lines AS (
        INSERT INTO inventory_line (id, inventory_id, role, category, label, activity_value, activity_unit, factor,
                                    treatment, rounding, position)
        SELECT made.id + s.number, made.id, s.role, s.category, s.label, s.activity_value, s.activity_unit, s.factor,
               s.treatment, s.rounding, made.id + s.number
          FROM made JOIN source AS s ON s.inventory_id = made.model_id
    ), gases AS (
        INSERT INTO line_gas (line_id, gas, tonnes, gwp, co2e)
        SELECT made.id + s.number, g.gas, g.tonnes, g.gwp, g.co2e
          FROM made JOIN source AS s ON s.inventory_id = made.model_id JOIN line_gas AS g ON g.line_id = s.id
    ), moved AS (
        UPDATE log_head SET position = position + 30 * (SELECT count(*) FROM made) RETURNING position
    )
    INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
    SELECT moved.position, at, kind, subject_id, organisation_id, api_key_id, body, digest
      FROM moved, log_entry AS e WHERE e.position = (SELECT position FROM log_head)
"""


@dataclass(frozen=True)
class Province:
    """What was made: the pilots, with their periods in the order of the years."""

    postgres: EmbeddedPostgres
    periods: dict[PilotId, list[PeriodId]]


async def set_province(postgres: EmbeddedPostgres) -> Province:
    await migrate(postgres.url(OWNER_LOGIN))
    async with Nzc.on(Database(postgres.url())).running() as nzc:
        registry = await organisation(nzc, Role.REGISTRY, "CCER")
        operator = await organisation(nzc, Role.PILOT_OPERATOR)
        verifier = await organisation(nzc, Role.VERIFIER)
        holder = await organisation(nzc, Role.CREDIT_HOLDER)
        periods = await _pilots(nzc, operator)
        for pilot_id in list(periods)[: len(KINDS)]:
            await _account(nzc, operator, verifier, pilot_id, periods[pilot_id][-1])
    await _fill(postgres)
    async with Nzc.on(Database(postgres.url())).running() as nzc:
        for pilot_id, of_pilot in periods.items():
            await _aim(nzc, operator, pilot_id, of_pilot[0])
        await _retire(nzc, registry, holder, periods)
        head = await nzc.services.log.head()
    await _settle(postgres, head.position)
    return Province(postgres, periods)


async def _pilots(nzc: Nzc, operator: Principal) -> dict[PilotId, list[PeriodId]]:
    years = tuple(DateSpan(date(year, 1, 1), date(year, 12, 31)) for year in YEARS)
    made: list[PilotId] = []
    for number in range(PILOTS):
        variant, applicant = KINDS[number % len(KINDS)]
        surrounding = made[-1] if number % len(KINDS) == 1 else None
        city = GUIDE.divisions[number % len(GUIDE.divisions)].code
        command = RegisterPilot(
            code=f"P-{number}",
            variant=variant,
            name=NAME,
            applicant_kind=applicant,
            applicant_name=NAME,
            division_code=city,
            establishment=Establishment.EXISTING,
            operation_starts_on=date(2010, 1, 1),
            operator_id=operator.organisation_id,
            surrounding_id=surrounding,
            periods=years,
        )
        done = await nzc.services.pilots.register_pilot(operator, str(uuid4()), command)
        made.append(PilotId(position_of(done)))
    found = await nzc.services.pilots.periods_of(made)
    return {p: [period.id for period in periods] for p, periods in found.items()}


async def _account(
    nzc: Nzc, operator: Principal, verifier: Principal, pilot_id: PilotId, period_id: PeriodId
) -> None:
    """The inventory that those of all pilots of a kind are copies of."""
    variant = (await nzc.services.pilots.pilots([pilot_id]))[pilot_id].variant
    expected = categories_expected(variant)
    categories = [c for c in expected if c is not Category.PURCHASED_HEAT]
    lines = tuple(_line(number, categories[number % len(categories)]) for number in range(LINES))
    command = CreateInventory(
        pilot_id=pilot_id,
        period_id=period_id,
        phase=GUIDE.variant(variant).operating_phase,
        basis=Basis.OPERATIONAL,
        gwp_set=GwpSet.AR5,
        factor_list="prov2025-gd-2022",
        span=None,
        not_occurring=tuple({*expected} - {*categories}),
        sources=lines,
    )
    services = nzc.services
    created = await services.creation.create(operator, str(uuid4()), command)
    made = InventoryId(position_of(created))
    position_of(await services.inventories.take(SUBMISSION, operator, str(uuid4()), made))
    done = await services.inventories.take(
        VERIFICATION, verifier, str(uuid4()), VerifyInventory(made)
    )
    position_of(done)


def _line(number: int, category: Category) -> NewLine:
    electric = category is Category.PURCHASED_ELECTRICITY
    activity = Measurement(Decimal(50 + number), "MWh" if electric else "tCO2")
    factor = "elec.guangdong.avg.2022" if electric else "measured.co2"
    return NewLine(
        category=category, label=f"line {number}", activity=activity, density=None, factor=factor
    )


async def _fill(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.url(SUPERUSER))
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(FILL, date(YEARS[0], 1, 1), timeout=600)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _settle(postgres: EmbeddedPostgres, position: int) -> None:
    """Leave nothing to do: the log has no entries for what was filled in, and its tree could not grow by them."""
    connection = await asyncpg.connect(postgres.url(SUPERUSER))
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(COMMITTED, position)
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


async def _aim(nzc: Nzc, operator: Principal, pilot_id: PilotId, period_id: PeriodId) -> None:
    ceilings = (Ceiling(YEARS[-1], Decimal(600)), Ceiling(2030, Decimal(0)))
    terms = TargetTerms(
        BaselineTerms(period_id, Basis.HISTORICAL), ceilings, (TargetRoute.EFFICIENCY,)
    )
    command = RecordTarget(pilot_id, terms)
    position_of(await nzc.services.targets.record(operator, str(uuid4()), command))


async def _retire(
    nzc: Nzc, registry: Principal, holder: Principal, periods: dict[PilotId, list[PeriodId]]
) -> None:
    """A batch of every project, and its tonnes one by one for the pilots' years in turn."""
    each = RETIREMENTS // PROJECTS
    for number in range(PROJECTS):
        await _issue(nzc, registry, holder, f"B-{number}", each)
    retirements = _retirements(periods, each)
    while items := dict(zip(range(ITEMS), retirements, strict=False)):
        for outcome in (await nzc.services.ledger.post_each(registry, items)).values():
            position_of(outcome)


def _retirements(
    periods: dict[PilotId, list[PeriodId]], each: int
) -> Iterator[tuple[str, RetireSerials]]:
    pilots = list(periods)
    for n in range(RETIREMENTS):
        project, serial = divmod(n, each)
        pilot_id = pilots[n % PILOTS]
        period_id = periods[pilot_id][n // PILOTS % len(YEARS)]
        serials = SerialRange(
            registry="CCER", prefix=f"B-{project}", first=serial + 1, last=serial + 1
        )
        command = RetireSerials(
            serials=serials,
            programme="CCER",
            holder_id=None,
            quantity=None,
            pilot_id=pilot_id,
            period_id=period_id,
            retired_on=date(2024, 7, 1),
            reference=None,
        )
        yield str(uuid4()), command


async def _issue(nzc: Nzc, registry: Principal, holder: Principal, code: str, tonnes: int) -> None:
    ledger = nzc.services.ledger
    command = RegisterProject(
        code=code,
        name=NAME,
        forestry=False,
        site=f"site {code}",
        division_code=None,
        latitude=None,
        longitude=None,
        pilot_id=None,
    )
    project = ProjectId(position_of(await ledger.register_project(registry, str(uuid4()), command)))
    enrolment = EnrolProject(
        project_id=project,
        programme="CCER",
        rule="CCER_2023",
        number=code,
        registered_on=date(2023, 11, 1),
    )
    position_of(await ledger.enrol_project(registry, str(uuid4()), enrolment))
    issue = IssueCredits(
        project_id=project,
        serials=SerialRange(registry="CCER", prefix=code, first=1, last=tonnes),
        programme="CCER",
        quantity=tonnes,
        produced_from=date(2022, 1, 1),
        produced_to=date(2022, 12, 31),
        reductions_registered_on=date(2024, 1, 15),
        reductions_applied_on=None,
        holder_id=holder.organisation_id,
        issuance=Issuance(code, tonnes),
    )
    for outcome in (await ledger.post_each(registry, {0: (str(uuid4()), issue)})).values():
        position_of(outcome)
