"""The words of pilots, each value described."""

from nzc_api.database.paging import Direction
from nzc_api.inventories.model import Basis
from nzc_api.management.model import UpkeepSystem
from nzc_api.metering.usage import Step
from nzc_api.pilots.model import PilotOrderField, Visibility
from nzc_api.schema.kit.fields import described_enum

__all__ = ["Basis", "Direction", "PilotOrderField", "Step", "UpkeepSystem", "Visibility"]

described_enum(
    Basis,
    "What an inventory's figures rest on (section 三 of the guide).",
    {
        "HISTORICAL": "a survey of past emissions (历史碳排放摸查)",
        "PROJECTED": "a projection of emissions after commissioning (投产后碳排放预估)",
        "OPERATIONAL": "what was measured in operation: what an evaluation is about",
    },
)
described_enum(
    Visibility,
    "Who sees something of a pilot that was verified. Its operator, verifiers and administrators see its "
    "drafts, too; auditors and regulators what was submitted.",
    {
        "PUBLIC": "everybody, without a key",
        "ROLES": "its operator, verifiers, administrators, auditors and regulators",
    },
)
described_enum(
    PilotOrderField,
    "What pilots are ordered by; by their net, see `pilotRanking`.",
    {
        "CODE": "their code",
        "REGISTERED": "when they were registered",
        "NAME_ZH": "their name in Chinese, by its characters' numbers in Unicode",
        "NAME_EN": "their name in English, by its characters' numbers in Unicode",
    },
)
described_enum(Direction, "Which end comes first.", {"ASC": "the least", "DESC": "the greatest"})

described_enum(
    Step,
    "How long each part of a series is.",
    {
        "HOUR": "an hour",
        "DAY": "a day of China's",
        "MONTH": "a month of the calendar",
        "YEAR": "a year of the calendar",
    },
)
described_enum(
    UpkeepSystem,
    "What is kept up (section 四（三） of the guide).",
    {
        "WATER": "water",
        "POWER": "electricity",
        "GAS": "gas",
        "HEAT": "heat",
        "GREENERY": "gardens and greenery",
    },
)
