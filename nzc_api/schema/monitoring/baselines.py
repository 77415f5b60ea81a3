"""Energy baselines and what is saved beside them, as GraphQL."""

from datetime import date, datetime
from typing import Self

import strawberry

from nzc_api.metering.usage import MOST_STEPS
from nzc_api.monitoring import baseline as domain
from nzc_api.monitoring.baseline_rules import MOST_VARIABLES
from nzc_api.monitoring.baseline_service import PerformanceAsked
from nzc_api.monitoring.model import PER
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import Connection
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.days import FromDay, ToDay
from nzc_api.schema.kit.fields import MUCH_COMPUTED, attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.metering.enums import Carrier, Step
from nzc_api.schema.metering.seen import if_meters_seen, page_if_seen
from nzc_api.schema.monitoring.enums import DenominatorKind, UnknownIntensity
from nzc_api.schema.pilots.types import Pilot

ESTIMATE = "An estimate of float arithmetic, to 6 significant digits"


@strawberry.type(description="What moves a pilot's use, and by how much.")
class FittedVariable:
    domain: strawberry.Private[domain.FittedVariable]

    denominator_kind = attribute(DenominatorKind, "variable.kind", "What it is.")
    product = attribute(str | None, "variable.product", "Of a PRODUCT its name with its unit.")
    slope = number("slope", f"How much more is used a unit of it. {ESTIMATE}.")
    least = number("least", "How much there was of it in the step that had least.")
    most = number("most", "How much there was of it in the step that had most.")

    @strawberry.field(description="The unit of it.")
    def unit(self) -> str:
        variable = self.domain.variable
        return PER[variable.kind].unit or variable.product or ""


@strawberry.type(description="A step beside a baseline.")
class PerformancePoint:
    domain: strawberry.Private[domain.PerformancePoint]

    starts_at = attribute(datetime, "starts_at", "The moment at which the step begins.")
    ends_at = attribute(datetime, "ends_at", "The moment at which it is over.")
    expected = number(
        "expected",
        f"What would have been used without any saving. {ESTIMATE}; null where a variable is not known.",
        optional=True,
    )
    actual = number(
        "actual",
        "What was used, as meters tell; null where that is not known whole.",
        optional=True,
    )
    saving = number(
        "saving",
        "Expected less actual; below zero where more was used. Null where either is not known.",
        optional=True,
    )
    beyond = attribute(
        bool,
        "beyond",
        "Whether of some variable there was less or more than in any step of the baseline: nobody saw what is used "
        "there.",
    )
    unknown_because = attribute(UnknownIntensity | None, "unknown", "Why something is null.")


@strawberry.type(
    description="Days beside a baseline. Sums are null where some step of them is; they are no tonnes, and no "
    "part of any net."
)
class EnergyPerformance:
    domain: strawberry.Private[domain.Performance]

    expected = number(
        "expected", f"What would have been used altogether. {ESTIMATE} a step.", optional=True
    )
    actual = number("actual", "What was used altogether.", optional=True)
    saving = number("saving", "What was saved altogether, expected less actual.", optional=True)

    @short_list("Its steps, in order.", MOST_STEPS)
    def points(self) -> list[PerformancePoint]:
        return [PerformancePoint(domain=point) for point in self.domain.points]


@node()
@strawberry.type(
    description="What a pilot used of a carrier on days, explained by what moves it (ISO 50006; ordinary least "
    "squares): expected use = intercept + the sum of slope × variable. It is seen by who sees the pilot's meters."
)
class EnergyBaseline(Node):
    domain: strawberry.Private[domain.EnergyBaseline]

    carrier = attribute(Carrier, "carrier", "Of what the use is: bought and generated, less sold.")
    unit = attribute(str, "unit", "The unit of the use.")
    step = attribute(Step, "step", "How long each step is: DAY or MONTH.")
    first_day = attribute(date, "days.starts_on", "The first day of what it explains.")
    last_day = attribute(date, "days.ends_on", "The last such day.")
    read_position = attribute(
        BigInt, "position", "As of which position of the log readings and variables were read."
    )
    points = attribute(int, "fit.points", "From how many steps it was fitted.")
    intercept = number("fit.intercept", "What is used whatever the variables are, a step.")
    r_squared = number("fit.r_squared", "Which part of how the use varies it explains, 0 to 1.")
    cv_rmse = number(
        "fit.cv_rmse",
        "How far a step lies from it: the root of the mean square error (of points − variables − 1) as a part of the "
        "mean use.",
    )

    @short_list("What moves the use.", MOST_VARIABLES)
    def variables(self) -> list[FittedVariable]:
        return [FittedVariable(domain=variable) for variable in self.domain.fit.variables]

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @dear(
        "What was expected, used and saved from a day to another, by whole steps of the baseline: by what is "
        "recorded of its variables as of the position.",
        statements=MUCH_COMPUTED,
    )
    async def performance(
        self,
        info: Info,
        from_day: FromDay,
        to_day: ToDay,
        as_of: AsOf = None,
    ) -> EnergyPerformance:
        asked = PerformanceAsked(DateSpan(from_day, to_day), await info.context.as_of(as_of))
        found = await info.context.loaders.performance.load((self.domain, asked))
        assert found is not None
        return EnergyPerformance(domain=found)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.energy_baseline.load(position)
        if found is None:
            return None
        return await if_meters_seen(info, found.pilot_id, cls(domain=found))

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """What was recorded of a pilot, for who sees its meters; for others there is nothing."""
        loaders = info.context.loaders
        rows, count = loaders.energy_baselines, loaders.energy_baselines_count
        return await page_if_seen(
            info, pilot, rows, count, first, after, as_of, lambda row: cls(domain=row)
        )
