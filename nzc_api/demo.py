"""Demo data: made up, labelled so, and loaded once.

Everything is done through the services, each step under its own idempotency key: loading again
changes nothing, and a load that was cut off is completed by the next one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from nzc_api.access.model import IssueApiKey, RegisterOrganisation
from nzc_api.access.principals import Principal, Role
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import Measurement
from nzc_api.demo_evaluation import evaluate
from nzc_api.demo_kit import done, made_up
from nzc_api.demo_meters import (
    METERED,
    draft_electricity,
    meter_electricity,
    state_denominator,
)
from nzc_api.demo_plans import plan_and_build
from nzc_api.finance.model import Allocation, FinancingTerms, Pledge, RecordFinancing
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import (
    ApplicantKind,
    Category,
    Establishment,
    FinanceProduct,
    LifeCycleStage,
    PilotVariant,
)
from nzc_api.ids import (
    ApiKeyId,
    ApplicationId,
    InventoryId,
    MeasureId,
    OrganisationId,
    PeriodId,
    PilotId,
    PostId,
    ProjectId,
)
from nzc_api.inventories.errors import InventoryOverlap, WarningsNotAcknowledged
from nzc_api.inventories.model import (
    Acknowledgement,
    AssuranceLevel,
    Basis,
    CreateInventory,
    LineRole,
    NewLine,
    Opinion,
    RecordLines,
    VerifyInventory,
)
from nzc_api.inventories.service import SUBMISSION, VERIFICATION
from nzc_api.ledger.commands import EnrolProject, RegisterProject
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.posting.verbs.retiring import RetireQuantity, RetireSerials
from nzc_api.ledger.serials import SerialRange
from nzc_api.log import store as log_store
from nzc_api.log.errors import IdempotencyKeyReused
from nzc_api.log.requests import Actor
from nzc_api.log.service import OPERATOR_SCOPE
from nzc_api.management.model import (
    AppointHolder,
    AssignDuty,
    EstablishPost,
    PostKind,
    PublishRule,
    RecordUpkeep,
    UpkeepSystem,
)
from nzc_api.measures.model import MeasurePlan, MeasureState, PlanMeasure, RecordProgress
from nzc_api.metering.drafting_rules import MeteredSource
from nzc_api.pilots.model import (
    AmendPilot,
    DateSpan,
    RegisterAccountingPeriod,
    RegisterPilot,
    Visibility,
)
from nzc_api.selection.model import (
    Boundary,
    ClaimCriterion,
    JudgeCriterion,
    OpenApplication,
    SubmitApplication,
    Verdict,
)
from nzc_api.services import Services
from nzc_api.targets.model import BaselineTerms, Ceiling, RecordTarget, TargetRoute, TargetTerms

YEARS = (2022, 2023, 2024)

# The year of which a pilot was evaluated.
EVALUATED = 2023

# How many kWh the units of the file's electricity are.
KWH = {"kWh": 1, "万kWh": 10_000}

# The latest year that there are factors of the grid for.
LATEST_GRID = 2023

# The inventories that came later: made up, each of a size that is plausible for its kind.
INVENTORIES = Path(__file__).with_suffix(".json")

# Applications for pilots, made up.
APPLICATIONS = Path(__file__).with_name("demo_applications.json")

# Measures, made up.
MEASURES = Path(__file__).with_name("demo_measures.json")

MARKER = "demo-organisation-ADMINISTRATOR"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    key: str
    role: Role
    zh: str
    en: str
    programmes: tuple[str, ...] = ()


ORGANISATIONS = (
    DemoOrganisation("ADMINISTRATOR", Role.ADMINISTRATOR, "管理部门", "administrator"),
    DemoOrganisation("CCER_REGISTRY", Role.REGISTRY, "CCER登记机构", "CCER registry", ("CCER",)),
    DemoOrganisation(
        "PHCER_REGISTRY", Role.REGISTRY, "碳普惠登记机构", "PHCER registry", ("PHCER",)
    ),
    DemoOrganisation("PILOT_OPERATOR", Role.PILOT_OPERATOR, "试点运营单位", "pilot operator"),
    DemoOrganisation("VERIFIER", Role.VERIFIER, "核查机构", "verifier"),
    DemoOrganisation("CREDIT_HOLDER", Role.CREDIT_HOLDER, "减排量持有者", "credit holder"),
    DemoOrganisation("AUDITOR", Role.AUDITOR, "审计机构", "auditor"),
    DemoOrganisation("REGULATOR", Role.REGULATOR, "监管部门", "regulator"),
    DemoOrganisation("METER_GATEWAY", Role.METER_GATEWAY, "计量网关", "meter gateway"),
)


def _all_is_made_up(refusal: WarningsNotAcknowledged) -> Opinion:
    """What the demo's verifier says where somebody's own inventories stand beside the demo's."""
    reason = "演示数据，均为虚构 / demo data, all made up"
    return Opinion(
        AssuranceLevel.LIMITED,
        acknowledged=tuple(Acknowledgement(code, None, reason) for code in refusal.codes),
    )


async def load_demo(services: Services, folder: Path) -> Mapping[str, str] | None:
    """Load the demo, unless the database holds something else; the secret of each role's key."""
    if not await _is_ours(services):
        return None
    people = await _organisations(services)
    await _Demo(services, people).load()
    return await _keys(services, people, folder)


async def _is_ours(services: Services) -> bool:
    head = await services.log.head()
    async with services.log.database.read() as connection:
        outcomes = await log_store.read_outcomes(connection, [(OPERATOR_SCOPE, MARKER)])
    return head.position == 0 or bool(outcomes)


async def _organisations(services: Services) -> dict[str, Principal]:
    people: dict[str, Principal] = {}
    for item in ORGANISATIONS:
        command = RegisterOrganisation(made_up(item.zh, item.en), item.role, item.programmes)
        outcome = await services.access.register_organisation_as(
            Actor(), f"demo-organisation-{item.key}", command
        )
        organisation, roles = OrganisationId(done(outcome)), frozenset(item.programmes)
        people[item.key] = Principal(
            organisation_id=organisation,
            api_key_id=ApiKeyId(organisation),
            role=item.role,
            programmes=roles,
        )
    return people


async def _keys(
    services: Services, people: Mapping[str, Principal], folder: Path
) -> dict[str, str]:
    """The demo's keys: kept beside the embedded data, for the user alone; issued where missing."""
    log_id = (await services.log.head()).log_id
    path = folder / f"demo-keys-{log_id:015x}.json"
    secrets: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = people.keys() - secrets.keys()
    for name, principal in people.items():
        if name not in missing:
            continue
        issued = await services.access.issue_api_key_as(
            Actor(), f"demo-key-{uuid4()}", IssueApiKey(principal.organisation_id, f"demo {name}")
        )
        assert issued.secret is not None
        secrets[name] = issued.secret
    if missing:
        _keep(path, secrets)
    return secrets


def _keep(path: Path, secrets: Mapping[str, str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(secrets, indent=1), "utf-8")
    unfinished.rename(path)


class _Demo:
    def __init__(self, services: Services, people: Mapping[str, Principal]) -> None:
        self._services = services
        self._people = people
        self._step = 0

    def _key(self) -> str:
        self._step += 1
        return f"demo-{self._step}"

    async def load(self) -> None:
        town = await self._pilot("TOWN", PilotVariant.TOWN, "示范镇", "Demonstration town")
        park = await self._pilot("PARK", PilotVariant.PARK, "示范园区", "Demonstration park", town)
        building = await self._pilot(
            "BUILDING", PilotVariant.BUILDING_EXISTING, "示范办公楼", "Demonstration office", park
        )
        transport = await self._pilot(
            "TRANSPORT", PilotVariant.TRANSPORT, "示范客运", "Demonstration coaches"
        )
        community = await self._pilot(
            "COMMUNITY", PilotVariant.COMMUNITY_URBAN, "示范社区", "Demonstration community"
        )
        enterprise = await self._pilot(
            "ENTERPRISE", PilotVariant.ENTERPRISE, "示范工厂", "Demonstration factory"
        )
        await self._building_inventory(building)
        await self._transport_inventory(transport)
        await self._credits(building, park)
        # A step's key is its number: what a release adds comes last.
        pilots = {
            "TOWN": town, "PARK": park, "BUILDING": building, "TRANSPORT": transport,
            "COMMUNITY": community, "ENTERPRISE": enterprise,
        }  # fmt: skip
        for told in json.loads(INVENTORIES.read_text("utf-8")):
            pilot = pilots[told["pilot"]]
            for place, year in enumerate(told["years"]):
                await self._have_period(pilot, year)
                await self._told(told, pilot, place, year)
            if "ceilings" in told:
                await self._target(told, pilot)
        for code, pilot in pilots.items():
            await self._show_lines(code, pilot)
        for told in json.loads(APPLICATIONS.read_text("utf-8")):
            await self._application(told)
        await self._finance(pilots, await self._measures(pilots))
        await self._management(pilots)
        people = self._people
        await plan_and_build(
            self._services.plans, people["PILOT_OPERATOR"], people["REGULATOR"], park
        )
        await evaluate(self._services, people, park, EVALUATED)

    async def _pilot(
        self,
        code: str,
        variant: PilotVariant,
        zh: str,
        en: str,
        surrounding: PilotId | None = None,
    ) -> PilotId:
        operator = self._people["PILOT_OPERATOR"]
        kind = GUIDE.kind_of(variant)
        applicant: ApplicantKind = kind.applicants[-1].applicant
        if kind.applicants_open_list:
            applicant = kind.applicants[0].applicant
        command = RegisterPilot(
            code=f"DEMO-{code}",
            variant=variant,
            name=made_up(zh, en),
            applicant_kind=applicant,
            applicant_name=made_up("申报单位", "Applicant"),
            division_code="440100",
            establishment=Establishment.EXISTING,
            operation_starts_on=date(2018, 1, 1),
            operator_id=operator.organisation_id,
            surrounding_id=surrounding,
            periods=tuple(DateSpan(date(year, 1, 1), date(year, 12, 31)) for year in YEARS),
        )
        made = await self._services.pilots.register_pilot(operator, self._key(), command)
        return PilotId(done(made))

    async def _show_lines(self, code: str, pilot: PilotId) -> None:
        """Everybody sees all of the demo, as those who had it before there were settings do."""
        command = AmendPilot(pilot, {"line_visibility": Visibility.PUBLIC})
        operator = self._people["PILOT_OPERATOR"]
        pilots = self._services.pilots
        done(await pilots.amend_pilot(operator, f"demo-lines-{code}", command))

    async def _application(self, told: Mapping[str, Any]) -> None:
        """An application that was submitted, and is judged so far as the file tells."""
        operator, regulator = self._people["PILOT_OPERATOR"], self._people["REGULATOR"]
        selection, key, starts = (
            self._services.selection,
            f"demo-{told['key']}",
            told["operation_starts_on"],
        )
        opened = OpenApplication(
            variant=PilotVariant(told["variant"]),
            name=made_up(*told["name"]),
            applicant_kind=ApplicantKind(told["applicant_kind"]),
            applicant_name=made_up("申报单位", "Applicant"),
            division_code="440100",
            establishment=Establishment(told["establishment"]),
            operation_starts_on=None if starts is None else date.fromisoformat(starts),
            boundary=Boundary(told["boundary"], Decimal(told["hectares"])),
        )
        item = ApplicationId(done(await selection.open(operator, f"{key}-open", opened)))
        for criterion, statement in told["claims"]:
            claim = ClaimCriterion(
                application_id=item, criterion=criterion, statement=statement, documents=()
            )
            done(await selection.claim(operator, f"{key}-claim-{criterion}", claim))
        done(await selection.submit(operator, f"{key}-submit", SubmitApplication(item)))
        for criterion, verdict, reason in told["judged"]:
            judgement = JudgeCriterion(
                application_id=item, criterion=criterion, verdict=Verdict(verdict), reason=reason
            )
            done(await selection.judge(regulator, f"{key}-judge-{criterion}", judgement))

    async def _measures(self, pilots: Mapping[str, PilotId]) -> Mapping[str, MeasureId]:
        """Measures of a pilot; one runs, and nothing was verified of any. By their keys."""
        operator, measures = self._people["PILOT_OPERATOR"], self._services.measures
        planned: dict[str, MeasureId] = {}
        for told in json.loads(MEASURES.read_text("utf-8")):
            plan = MeasurePlan(
                name=made_up(*told["name"]),
                technology=told["technology"],
                catalogue=None,
                catalogue_item=None,
                route=TargetRoute(told["route"]),
                stage=LifeCycleStage.OPERATION,
                capex=Decimal(told["capex"]),
                opex_change=Decimal(told["opex_change"]),
                life_years=told["life_years"],
                starts_on=date.fromisoformat(told["starts_on"]),
                expected=Decimal(told["expected"]),
                savings=(),
                excludes=tuple(planned[key] for key in told["excludes"]),
            )
            key, command = f"demo-measure-{told['key']}", PlanMeasure(pilots[told["pilot"]], plan)
            item = MeasureId(done(await measures.plan(operator, key, command)))
            planned[told["key"]] = item
            if told["running_since"] is not None:
                since = date.fromisoformat(told["running_since"])
                document = "验收单（示例，虚构） / acceptance (demo, made up)"
                progress = RecordProgress(
                    measure_id=item, state=MeasureState.RUNNING, on=since, document=document
                )
                done(await measures.record_progress(operator, f"{key}-running", progress))
        return planned

    async def _finance(
        self, pilots: Mapping[str, PilotId], measures: Mapping[str, MeasureId]
    ) -> None:
        """A loan against what the new lamps of a pilot save."""
        lamps, span = measures["LAMPS"], DateSpan(date(2024, 1, 1), date(2027, 12, 31))
        terms = FinancingTerms(
            product=FinanceProduct.SAVINGS_PLEDGE_LOAN,
            name=None,
            financier="某银行（示例，虚构） / a bank (demo, made up)",
            amount=Decimal(300000),
            span=span,
            allocations=(Allocation(lamps, Decimal(300000)),),
            pledges=(Pledge(lamps, Decimal(40), span),),
        )
        command = RecordFinancing(pilots["BUILDING"], terms)
        operator, finance = self._people["PILOT_OPERATOR"], self._services.finance
        done(await finance.record(operator, "demo-finance-lamps", command))

    async def _management(self, pilots: Mapping[str, PilotId]) -> None:
        """A post of a pilot and who holds it, a unit's duty, a rule, and upkeep."""
        operator, management = self._people["PILOT_OPERATOR"], self._services.management
        pilot, document = pilots["BUILDING"], "文件（示例，虚构） / a document (demo, made up)"
        post = EstablishPost(
            pilot_id=pilot,
            code="CARBON-1",
            post_kind=PostKind.CARBON_MANAGEMENT,
            name=made_up("碳排放管理岗", "Carbon manager"),
            responsibilities=(
                "日常低碳管理（示例，虚构） / low-carbon management from day to day (demo, made up)",
            ),
        )
        held = PostId(done(await management.establish_post(operator, "demo-post", post)))
        appointed = AppointHolder(
            post_id=held,
            holder="某人（示例，虚构） / somebody (demo, made up)",
            starts_on=date(2024, 1, 1),
            document=document,
        )
        done(await management.appoint_holder(operator, "demo-holder", appointed))
        unit = made_up("餐厅", "Restaurant")
        duty = AssignDuty(
            pilot_id=pilot,
            unit="RESTAURANT",
            unit_name=unit,
            year=2024,
            ceiling=Decimal(120),
            document=document,
        )
        done(await management.assign_duty(operator, "demo-duty", duty))
        title = "碳排放管理办法（示例，虚构） / rules of carbon management (demo, made up)"
        rule = PublishRule(
            pilot_id=pilot, title=title, document=document, starts_on=date(2024, 1, 1), ends_on=None
        )
        done(await management.publish_rule(operator, "demo-rule", rule))
        cut = "修剪灌木（示例，虚构） / shrubs cut (demo, made up)"
        upkeep = RecordUpkeep(
            pilot_id=pilot,
            system=UpkeepSystem.GREENERY,
            on=date(2024, 5, 1),
            done=cut,
            document=document,
        )
        done(await management.record_upkeep(operator, "demo-upkeep", upkeep))

    async def _period(self, pilot_id: PilotId, year: int) -> PeriodId:
        periods = (await self._services.pilots.periods_of([pilot_id]))[pilot_id]
        return next(p.id for p in periods if p.stands() and p.span.is_calendar_year(year))

    async def _have_period(self, pilot: PilotId, year: int) -> None:
        """Register a year that is not among those that a pilot began with; whoever tries the demo may have."""
        if year not in YEARS:
            span = DateSpan(date(year, 1, 1), date(year, 12, 31))
            command = RegisterAccountingPeriod(pilot, span)
            operator = self._people["PILOT_OPERATOR"]
            await self._services.pilots.register_period(operator, self._key(), command)

    async def _target(self, told: Mapping[str, Any], pilot: PilotId) -> None:
        """The target that falls from the survey that the file tells. Where somebody who tries the demo has
        recorded one, theirs stands."""
        [year] = told["years"]
        baseline = BaselineTerms(await self._period(pilot, year), Basis(told["basis"]))
        ceilings = tuple(Ceiling(year, Decimal(net)) for year, net in told["ceilings"])
        terms = TargetTerms(baseline, ceilings, tuple(map(TargetRoute, told["routes"])))
        operator = self._people["PILOT_OPERATOR"]
        await self._services.targets.record(operator, self._key(), RecordTarget(pilot, terms))

    async def _told(self, told: Mapping[str, Any], pilot: PilotId, place: int, year: int) -> None:
        """One of the inventories that the file tells: that of the year in its place."""
        grid, code = min(year, LATEST_GRID), told["pilot"]
        no = tuple(map(Category, told["not_occurring"]))
        basis = Basis(told.get("basis", Basis.OPERATIONAL))
        inventory = await self._inventory(pilot, year, f"prov2025-gd-{grid}", no, basis)
        for role, lines in (LineRole.SOURCE, told["sources"]), (LineRole.SINK, told["sinks"]):
            metered = [
                line for line in lines if year == METERED and line["factor"].startswith("elec.")
            ]
            for line in metered:
                kwh = Decimal(line["values"][place]) * KWH[line["unit"]]
                meter = await meter_electricity(self._services, self._people, code, pilot, kwh)
                await state_denominator(self._services, self._people, code, pilot)
                factor = line["factor"].format(grid=grid)
                source = MeteredSource(
                    meter_id=meter,
                    category=Category(line["category"]),
                    label=line["label"],
                    factor=factor,
                )
                await draft_electricity(self._services, self._people, inventory, code, source)
            if lines:
                rows = (
                    (Category(line["category"]), line["label"], line["values"][place], line["unit"],
                     line["factor"].format(grid=grid))
                    for line in lines if line not in metered
                )  # fmt: skip
                await self._record(inventory, role, *rows)
        await self._submit(inventory, verify=year in told["verified"])

    async def _inventory(
        self,
        pilot_id: PilotId,
        year: int,
        factor_list: str,
        no: tuple[Category, ...] = (),
        basis: Basis = Basis.OPERATIONAL,
    ) -> InventoryId:
        pilot = (await self._services.pilots.pilots([pilot_id]))[pilot_id]
        phase = GUIDE.variant(pilot.variant).operating_phase
        command = CreateInventory(
            pilot_id=pilot_id,
            period_id=await self._period(pilot_id, year),
            phase=phase,
            basis=basis,
            gwp_set=GwpSet.AR5,
            factor_list=factor_list,
            span=None,
            not_occurring=no,
        )
        operator = self._people["PILOT_OPERATOR"]
        made = await self._services.creation.create(operator, self._key(), command)
        return InventoryId(done(made))

    async def _record(
        self, inventory: InventoryId, role: LineRole, *rows: tuple[Category, str, str, str, str]
    ) -> None:
        lines = tuple(
            NewLine(
                category=category,
                label=label,
                activity=Measurement(Decimal(value), unit),
                density=None,
                factor=factor,
            )
            for category, label, value, unit, factor in rows
        )
        command = RecordLines(inventory, role, lines)
        outcome = await self._services.inventories.record(
            self._people["PILOT_OPERATOR"], self._key(), command
        )
        # A demo of an earlier release has recorded other lines here: they stand.
        if not isinstance(outcome.refusal, IdempotencyKeyReused):
            done(outcome)

    async def _building_inventory(self, pilot: PilotId) -> None:
        inventory = await self._inventory(pilot, 2022, "prov2025-gd-2022")
        energy = Category.ENERGY_CONSUMPTION
        await self._record(
            inventory,
            LineRole.SOURCE,
            (
                energy,
                "外购电力 / purchased electricity",
                "1000000",
                "kWh",
                "elec.guangdong.avg.2022",
            ),
            (energy, "天然气 / natural gas", "5", "万m³", "prov2025.natural_gas"),
            (
                Category.OTHER,
                "制冷剂泄漏 / refrigerant leakage",
                "4",
                "kgHFC134a",
                "measured.hfc134a",
            ),
        )
        await self._record(
            inventory,
            LineRole.SINK,
            (
                Category.FORESTRY_SINK,
                "楼前绿地 / green space",
                "12.5",
                "亩",
                "forest.carbonforest.rule",
            ),
        )
        await self._submit(inventory, verify=True)

    async def _transport_inventory(self, pilot: PilotId) -> None:
        inventory = await self._inventory(pilot, 2023, "prov2025-gd-2023")
        fuel = Category.VEHICLE_FUEL
        await self._record(
            inventory,
            LineRole.SOURCE,
            (fuel, "柴油 / diesel", "20", "t", "prov2025.diesel"),
            (fuel, "行驶里程 / distance driven", "600000", "km", "trans.heavy.diesel.all"),
            (Category.EXHAUST_TREATMENT, "车用尿素 / urea", "800", "kg", "trans.urea"),
            (Category.PURCHASED_ELECTRICITY, "充电 / charging", "350000", "kWh",
             "elec.guangdong.avg.2023"),
        )  # fmt: skip
        await self._submit(inventory, verify=False)

    async def _submit(self, inventory: InventoryId, *, verify: bool) -> None:
        service = self._services.inventories
        operator, verifier = self._people["PILOT_OPERATOR"], self._people["VERIFIER"]
        submitted = await service.take(SUBMISSION, operator, self._key(), inventory)
        verification = self._key() if verify else None
        # Whoever tries the demo may have handed in an inventory of these days before: theirs stands.
        if isinstance(submitted.refusal, InventoryOverlap):
            return
        done(submitted)
        if verification is None:
            return
        verified = await service.take(
            VERIFICATION, verifier, verification, VerifyInventory(inventory)
        )
        if isinstance(verified.refusal, WarningsNotAcknowledged):
            opinion = _all_is_made_up(verified.refusal)
            command = VerifyInventory(inventory, opinion)
            verified = await service.take(
                VERIFICATION, verifier, f"{verification}-opinion", command
            )
        done(verified)

    async def _credits(self, building: PilotId, park: PilotId) -> None:
        await self._issue(
            "CCER", "CCER_2023", "WIND", "海上风电", "Offshore wind", "GD-WIND-2023", 20_000,
            "CCER-01-002-V01",
        )  # fmt: skip
        await self._issue(
            "CCER", "CCER_2023", "FOREST", "造林碳汇", "Afforestation", "GD-FOREST-2023", 5_000,
            "CCER-14-001-V01", forestry=True,
        )  # fmt: skip
        await self._issue(
            "PHCER", "PHCER_2022", "ROOF", "园区屋顶光伏", "Rooftop solar in the park",
            "GD-ROOF-2023", 800, "分布式光伏 / distributed photovoltaics", inside=park,
        )  # fmt: skip
        period = await self._period(building, 2022)
        registry = self._people["CCER_REGISTRY"]
        holder = self._people["CREDIT_HOLDER"].organisation_id
        retired_on = date(2024, 6, 1)
        exact = RetireSerials(
            serials=SerialRange(registry="CCER", prefix="GD-WIND-2023", first=1, last=300),
            programme="CCER",
            holder_id=None,
            quantity=300,
            pilot_id=building,
            period_id=period,
            retired_on=retired_on,
            reference="DEMO-1",
        )
        done(await self._services.ledger.post(registry, self._key(), exact))
        forest = await self._services.trace.find_project("DEMO-FOREST")
        assert forest is not None
        oldest = RetireQuantity(
            quantity=200,
            programme="CCER",
            holder_id=holder,
            project_id=forest.id,
            pilot_id=building,
            period_id=period,
            retired_on=retired_on,
            reference="DEMO-2",
        )
        done(await self._services.ledger.post(registry, self._key(), oldest))

    async def _issue(
        self,
        programme: str,
        rule: str,
        code: str,
        zh: str,
        en: str,
        prefix: str,
        tonnes: int,
        methodology: str,
        *,
        forestry: bool = False,
        inside: PilotId | None = None,
    ) -> int:
        registry = self._people[f"{programme}_REGISTRY"]
        ledger = self._services.ledger
        registered = await ledger.register_project(
            registry,
            self._key(),
            RegisterProject(
                code=f"DEMO-{code}",
                name=made_up(zh, en),
                forestry=forestry,
                site="Guangdong",
                division_code=None,
                latitude=None,
                longitude=None,
                pilot_id=inside,
            ),
        )
        project = ProjectId(done(registered))
        enrolment = EnrolProject(
            project_id=project,
            programme=programme,
            rule=rule,
            number=f"DEMO-{code}",
            registered_on=date(2023, 11, 1),
            methodology=methodology,
        )
        done(await ledger.enrol_project(registry, self._key(), enrolment))
        issue = IssueCredits(
            project_id=project,
            serials=SerialRange(registry=programme, prefix=prefix, first=1, last=tonnes),
            programme=programme,
            quantity=tonnes,
            produced_from=date(2023, 1, 1),
            produced_to=date(2023, 12, 31),
            reductions_registered_on=date(2024, 3, 1),
            reductions_applied_on=None,
            holder_id=self._people["CREDIT_HOLDER"].organisation_id,
        )
        return done(await ledger.post(registry, self._key(), issue))
