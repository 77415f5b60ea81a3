"""All verbs of the ledger, by their commands: each is a file of ``verbs``."""

from collections.abc import Iterable, Mapping
from typing import Any

from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.verb import Verb
from nzc_api.ledger.posting.verbs import (
    acting_on_batch,
    acting_on_serials,
    approving,
    confirming,
    correcting,
    ending,
    issuing,
    proposing,
    requesting,
    retiring,
    transferring,
    using,
    withdrawing,
)


def _by_command(verbs: Iterable[Verb[Any]]) -> dict[type[Command], Verb[Any]]:
    return {verb.command: verb for verb in verbs}


_POSTING: tuple[Verb[Any], ...] = (
    issuing.VERB,
    transferring.VERB,
    retiring.OF_SERIALS,
    retiring.OF_QUANTITY,
    requesting.VERB,
    confirming.VERB,
    ending.VERB,
    using.VERB,
    acting_on_serials.VERB,
    acting_on_batch.VERB,
)

_WITH_CORRECTIONS = (*_POSTING, correcting.verb(_POSTING))

_ORDERS = _by_command(verb for verb in _WITH_CORRECTIONS if verb.proposed is not None)

VERBS: Mapping[type[Command], Verb[Any]] = _by_command(
    (*_WITH_CORRECTIONS, proposing.verb(_ORDERS), approving.verb(_ORDERS), withdrawing.VERB)
)

# What the log says of what was posted.
POSTINGS = tuple(sorted({kind for verb in VERBS.values() for kind in verb.kinds}))


def verb_of(command: Command) -> Verb[Any]:
    """The verb of a command."""
    return VERBS[type(command)]
