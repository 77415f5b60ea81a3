"""Fields of commands that fingerprints leave out, now or where they have their defaults."""

from collections.abc import Mapping

# Their metadata: a command in which they have their defaults has the fingerprint that it had before there were
# such fields, so that a request of before, sent again, is known.
LATER: Mapping[str, bool] = {"later": True}

# Their metadata: how something is written, which is no part of what is asked.
SHOWN: Mapping[str, bool] = {"shown": True}
