"""Fields that a command got in a later release."""

from collections.abc import Mapping

# Their metadata: a command in which they have their defaults has the fingerprint that it had before there were
# such fields, so that a request of before, sent again, is known.
LATER: Mapping[str, bool] = {"later": True}
