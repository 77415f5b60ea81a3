"""Inventories to create, change and take a step further: the mutations' inputs."""

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.ids import InventoryId
from nzc_api.inventories.creation import MOST_LINES_TO_BEGIN_WITH
from nzc_api.inventories.model import (
    TERMS,
    AmendInventory,
    CreateInventory,
    ReviseInventory,
    VerifyInventory,
)
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.factors.enums import GwpSet
from nzc_api.schema.guide.enums import Category, Phase
from nzc_api.schema.inventories.enums import ElectricityMethod
from nzc_api.schema.inventories.line_inputs import InventoryLineInput, in_domain, lines_given
from nzc_api.schema.inventories.warnings import VerificationOpinionInput
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, INVENTORY, LINE, PILOT
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.inputs import DateSpanInput

DRY_RUN = (
    "Only show what would be: all is checked as without it, and an `InventoryPreview` shows what would "
    "come of it. Nothing is written, and the key is not used: the same one may do it afterwards."
)

_TOGETHER = f" Sources and sinks together are at most {MOST_LINES_TO_BEGIN_WITH}: all are recorded, or nothing is."


@strawberry.input(description="A new inventory, as a draft, with the lines that it begins with.")
class CreateInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(
        default=False,
        description="Only show what would be: a `NewInventoryPreview` says of each line what it would come to, or why "
        "it cannot stand. Nothing is written, and the key is not used: the same one may do it afterwards.",
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    accounting_period: strawberry.ID = strawberry.field(
        description="The pilot's period that it reports into."
    )
    phase: Phase = strawberry.field(description="A phase that the guide has for the variant.")
    basis: Basis = strawberry.field(
        default=Basis.OPERATIONAL, description="What its figures rest on."
    )
    gwp_set: GwpSet = strawberry.field(
        default=GwpSet.AR5, description="Whose warming potentials it uses."
    )
    factor_list: str = strawberry.field(
        description="The code of the curated list whose factors it uses, such as prov2025-gd-2022."
    )
    covers: DateSpanInput | None = strawberry.field(
        default=None,
        description="The days that it covers, in operation none before `operationStartsOn`. Default: the "
        "whole period.",
    )
    not_occurring: list[Category] = strawberry.field(
        default_factory=list, description="Categories in scope that do not occur (NO)."
    )
    electricity_method: ElectricityMethod = strawberry.field(
        default=ElectricityMethod.LOCATION_BASED,
        description="By which method its bought electricity counts. All inventories of a period have one, or its net "
        "is not known.",
    )
    sources: list[InventoryLineInput] = strawberry.field(
        default_factory=list, description=f"Emission sources that it begins with.{_TOGETHER}"
    )
    sinks: list[InventoryLineInput] = strawberry.field(
        default_factory=list, description=f"Sinks that it begins with.{_TOGETHER}"
    )

    def command(self, ids: Ids, caller: Principal) -> CreateInventory:
        return CreateInventory(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            period_id=ids.read(
                self.accounting_period, "input", "accountingPeriod", kind=ACCOUNTING_PERIOD
            ),
            phase=self.phase,
            basis=self.basis,
            gwp_set=self.gwp_set,
            factor_list=self.factor_list,
            span=None if self.covers is None else self.covers.span(),
            not_occurring=tuple(self.not_occurring),
            sources=lines_given(self.sources, "sources"),
            sinks=lines_given(self.sinks, "sinks"),
            electricity_method=self.electricity_method,
        )


@strawberry.input(
    description="What a draft's own terms are from now on: those that are left out stay as they are. Its "
    "lines are accounted anew, as in a revision, and keep their ids."
)
class AmendInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")
    covers: DateSpanInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="The days that it covers, of a first version only; null: the whole period.",
    )
    gwp_set: GwpSet | None = strawberry.field(
        default=strawberry.UNSET, description="Whose warming potentials it uses."
    )
    factor_list: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The code of the curated list whose factors it uses: the latest version of it.",
    )
    not_occurring: list[Category] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Categories in scope that do not occur (NO), all of them.",
    )
    electricity_method: ElectricityMethod | None = strawberry.field(
        default=strawberry.UNSET, description="By which method its bought electricity counts."
    )

    def command(self, ids: Ids, caller: Principal) -> AmendInventory:
        inventory = ids.read(self.inventory, "input", "inventory", kind=INVENTORY)
        changes = said(self, TERMS, no_values={"covers"})
        return AmendInventory(
            inventory, {name: in_domain(value) for name, value in changes.items()}
        )


@strawberry.input(description="A draft to give up.")
class DiscardInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")

    def command(self, ids: Ids, caller: Principal) -> InventoryId:
        return ids.read(self.inventory, "input", "inventory", kind=INVENTORY)


@strawberry.input(
    description="The next version of an inventory: what is not given stays as it is. Its days cannot "
    "change."
)
class ReviseInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    inventory: strawberry.ID = strawberry.field(description="The latest version.")
    gwp_set: GwpSet | None = strawberry.field(
        default=None, description="Whose warming potentials the new version uses."
    )
    factor_list: str | None = strawberry.field(
        default=None, description="The code of the curated list whose factors it uses."
    )
    not_occurring: list[Category] | None = strawberry.field(
        default=None, description="Categories in scope that do not occur (NO), all of them."
    )
    electricity_method: ElectricityMethod | None = strawberry.field(
        default=None, description="By which method its bought electricity counts."
    )
    leave_out: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Emission sources and sinks that it does not take over."
    )

    def command(self, ids: Ids, caller: Principal) -> ReviseInventory:
        return ReviseInventory(
            inventory_id=ids.read(self.inventory, "input", "inventory", kind=INVENTORY),
            gwp_set=self.gwp_set,
            factor_list=self.factor_list,
            not_occurring=None if self.not_occurring is None else tuple(self.not_occurring),
            left_out=tuple(
                ids.read(line, "input", "leaveOut", str(index), kind=LINE)
                for index, line in enumerate(self.leave_out)
            ),
            electricity_method=self.electricity_method,
        )


@strawberry.input(description="An inventory to submit or verify.")
class InventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    inventory: strawberry.ID = strawberry.field(description="The inventory.")
    opinion: VerificationOpinionInput | None = strawberry.field(
        default=None,
        description="What you say of it as you verify it; nothing where it is submitted. It is needed where "
        "the inventory has warnings that must be acknowledged.",
    )

    def command(self, ids: Ids, caller: Principal) -> VerifyInventory:
        opinion = None if self.opinion is None else self.opinion.opinion(ids)
        position = ids.read(self.inventory, "input", "inventory", kind=INVENTORY)
        return VerifyInventory(position, opinion)


def submitted(command: VerifyInventory) -> InventoryId:
    """The inventory of an input that is to be submitted: whoever submits has no opinion of it."""
    if command.opinion is not None:
        raise Refused(
            InvalidInput(
                path=("input", "opinion"),
                value=command.opinion.level,
                expected_zh="提交时不填写核查意见，由核查机构在verifyInventory中填写",
                expected_en="nothing as it is submitted: the verifier gives it to `verifyInventory`",
            )
        )
    return command.inventory_id
