"""As of which position something is asked, as fields' arguments."""

from typing import Annotated

from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.scalars import BigInt

AsOf = Annotated[
    BigInt | None,
    argument(
        "A position of the log: the answer is what it was then, to the last digit. Default: now."
    ),
]

# Of a thing whose facts are amended.
FactsAsOf = Annotated[
    BigInt | None,
    argument(
        "A position of the log: its facts as they stood then; what hangs from it has an `asOf` of "
        "its own. Default: now."
    ),
]
