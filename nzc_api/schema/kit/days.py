"""From which day to which, and by what steps, something is asked, as fields' arguments."""

from datetime import date
from typing import Annotated

from nzc_api.metering.usage import Step
from nzc_api.schema.kit.fields import argument

FromDay = Annotated[date, argument("The first day.", name="from")]
ToDay = Annotated[date, argument("The last day.", name="to")]
InSteps = Annotated[Step, argument("How long each step is.")]
