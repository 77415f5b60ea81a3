"""Plans to draft and revise, what is decided, what was reached: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest
from nzc_api.pilots.model import DateSpan
from nzc_api.plans.model import (
    ApprovePlan,
    DraftPlan,
    Haul,
    Material,
    Milestone,
    PlanTerms,
    ReachMilestone,
    RecordCompletion,
    ReturnPlan,
    RevisePlan,
    SubmitPlan,
    WorkPackage,
)
from nzc_api.schema.guide.enums import LifeCycleStage
from nzc_api.schema.kit.fields import simplest_if
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import MEASURE, PILOT, PLAN
from nzc_api.schema.kit.texts import LocalizedTextInput


@strawberry.input(description="A part of the work.")
class WorkPackageInput:
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    stage: LifeCycleStage = strawberry.field(
        description="At which stage of the life cycle it is done."
    )
    measures: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="The pilot's measures that it carries out: at most 50; each in one work package.",
    )

    def package(self, ids: Ids, *path: str) -> WorkPackage:
        measures = (
            ids.read(given, *path, "measures", str(number), kind=MEASURE)
            for number, given in enumerate(self.measures)
        )
        return WorkPackage(self.name.text(), self.stage, tuple(measures))


@strawberry.input(description="What is to be reached by a day.")
class MilestoneInput:
    code: str = strawberry.field(
        description="Its code: 1 to 20 capital letters, digits or hyphens; each once. A milestone that was reached "
        "keeps its code in later versions."
    )
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    due_on: date = strawberry.field(description="By which day: one of the plan's.")
    building: bool = strawberry.field(
        description="Whether the pilot is not built before it is reached."
    )

    def milestone(self) -> Milestone:
        return Milestone(
            code=self.code, name=self.name.text(), due_on=self.due_on, building=self.building
        )


@strawberry.input(description="How a material comes to the site.")
class HaulInput:
    mass: Decimal = strawberry.field(description="Its mass, M, t: from 0, with at most 6 decimals.")
    distance: Decimal = strawberry.field(
        description="How far it comes, D, km: from 0 to 100,000, with at most 6 decimals."
    )
    factor: Decimal = strawberry.field(
        description="What that emits, T, kg CO2e/(t·km): from 0 to 1,000, with at most 6 decimals."
    )

    def haul(self) -> Haul:
        return Haul(simplest(self.mass), simplest(self.distance), simplest(self.factor))


@strawberry.input(description="A material that is built with; a memo item.")
class PlanMaterialInput:
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    quantity: Decimal = strawberry.field(
        description="How much of it, M: from 0, with at most 6 decimals."
    )
    unit: str = strawberry.field(description="Its unit, such as t or m³: 1 to 20 characters.")
    factor: Decimal = strawberry.field(
        description="What making a unit emits, F, kg CO2e: from 0, with at most 6 decimals."
    )
    haul: HaulInput | None = strawberry.field(
        default=None, description="How it comes. Default: that is not known."
    )
    source: str = strawberry.field(
        description="Where the factors are from, such as a table of GB/T 51366: 1 to 200 characters."
    )

    def material(self) -> Material:
        return Material(
            name=self.name.text(),
            quantity=simplest(self.quantity),
            unit=self.unit,
            factor=simplest(self.factor),
            haul=None if self.haul is None else self.haul.haul(),
            source=self.source,
        )


@strawberry.input(description="What is planned.")
class PlanTermsInput:
    starts_on: date = strawberry.field(description="The plan's first day.")
    ends_on: date = strawberry.field(description="The plan's last day.")
    packages: list[WorkPackageInput] = strawberry.field(description="Its work packages: 1 to 50.")
    milestones: list[MilestoneInput] = strawberry.field(description="Its milestones: 1 to 100.")
    construction_budget: Decimal | None = strawberry.field(
        default=None,
        description="What construction may emit at most, t CO2e: from 0, with at most 6 decimals. Default: not said.",
    )
    materials: list[PlanMaterialInput] = strawberry.field(
        default_factory=list, description="What it is built with: at most 200."
    )

    def terms(self, ids: Ids) -> PlanTerms:
        return PlanTerms(
            span=DateSpan(self.starts_on, self.ends_on),
            packages=tuple(
                package.package(ids, "input", "terms", "packages", str(number))
                for number, package in enumerate(self.packages)
            ),
            milestones=tuple(milestone.milestone() for milestone in self.milestones),
            construction_budget=simplest_if(self.construction_budget),
            materials=tuple(material.material() for material in self.materials),
        )


@strawberry.input(description="The first version of a pilot's plan.")
class DraftPlanInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    terms: PlanTermsInput = strawberry.field(description="What is planned.")

    def command(self, ids: Ids, caller: Principal) -> DraftPlan:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        return DraftPlan(pilot, self.terms.terms(ids))


@strawberry.input(description="The next version of a plan.")
class RevisePlanInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The version that was drafted last.")
    terms: PlanTermsInput = strawberry.field(description="What is planned now: all of it.")
    reason: str = strawberry.field(
        description="Why there is another version: 1 to 1,000 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> RevisePlan:
        plan = ids.read(self.plan, "input", "plan", kind=PLAN)
        return RevisePlan(plan, self.terms.terms(ids), self.reason)


@strawberry.input(description="A draft that is handed in.")
class SubmitPlanInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The draft.")

    def command(self, ids: Ids, caller: Principal) -> SubmitPlan:
        return SubmitPlan(ids.read(self.plan, "input", "plan", kind=PLAN))


@strawberry.input(description="A version that is approved.")
class ApprovePlanInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The version: one that was submitted.")

    def command(self, ids: Ids, caller: Principal) -> ApprovePlan:
        return ApprovePlan(ids.read(self.plan, "input", "plan", kind=PLAN))


@strawberry.input(description="A version that is returned.")
class ReturnPlanInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The version: one that was submitted.")
    reason: str = strawberry.field(description="Why: 1 to 1,000 characters.")

    def command(self, ids: Ids, caller: Principal) -> ReturnPlan:
        return ReturnPlan(ids.read(self.plan, "input", "plan", kind=PLAN), self.reason)


@strawberry.input(description="That a milestone was reached.")
class ReachMilestoneInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The version in force.")
    milestone: str = strawberry.field(description="The milestone's code.")
    on: date = strawberry.field(description="On which day: from the plan's first day to today.")
    document: str = strawberry.field(
        description="The document that shows it, such as a record of acceptance: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> ReachMilestone:
        plan = ids.read(self.plan, "input", "plan", kind=PLAN)
        return ReachMilestone(
            plan_id=plan, milestone=self.milestone, on=self.on, document=self.document
        )


@strawberry.input(description="That a pilot is built, and runs stably.")
class RecordCompletionInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    plan: strawberry.ID = strawberry.field(description="The version in force.")
    built_on: date = strawberry.field(
        description="On which day it was built: from that on which its last building milestone was reached, to today."
    )
    stable_from: date = strawberry.field(
        description="Since when it runs stably: not before it was built, and not after today."
    )
    document: str = strawberry.field(
        description="The document that shows it, such as a record of completion: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> RecordCompletion:
        plan = ids.read(self.plan, "input", "plan", kind=PLAN)
        return RecordCompletion(
            plan_id=plan,
            built_on=self.built_on,
            stable_from=self.stable_from,
            document=self.document,
        )
