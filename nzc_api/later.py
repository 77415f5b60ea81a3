"""Fields of commands that fingerprints leave out, now or where they have their defaults."""

from collections.abc import Mapping

# Their metadata: a command in which they have their defaults has the fingerprint that it had before there were
# such fields, so that a request of before, sent again, is known.
LATER: Mapping[str, bool] = {"later": True}

# The same of what came after fields that are ``LATER``: those are left out together or not at all, so that a field more
# of them would change fingerprints that have one of the others; of these each is left out by itself.
LATER_ALONE: Mapping[str, bool] = {"later_alone": True}

# Their metadata: how something is written, which is no part of what is asked.
SHOWN: Mapping[str, bool] = {"shown": True}
