"""All verbs of the ledger, by their commands: each is a file of ``verbs``."""

from collections.abc import Callable, Iterable, Mapping
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
from nzc_api.log.kinds import EntryKind


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

_PROPOSABLE = _by_command(verb for verb in _WITH_CORRECTIONS if verb.proposed is not None)

VERBS: Mapping[type[Command], Verb[Any]] = _by_command(
    (*_WITH_CORRECTIONS, proposing.verb(_PROPOSABLE), approving.verb(_PROPOSABLE), withdrawing.VERB)
)


def _kinds_of(belongs: Callable[[Verb[Any]], bool]) -> tuple[EntryKind, ...]:
    """What the log says of the verbs that belong to it."""
    return tuple(sorted({kind for verb in VERBS.values() if belongs(verb) for kind in verb.kinds}))


# What the log says of what was posted.
POSTINGS = _kinds_of(lambda _: True)

# What is posted by order, or to mend or end something; and what of that is about a whole batch.
ORDERED = _kinds_of(lambda verb: verb.is_order)
ON_BATCHES = _kinds_of(lambda verb: verb.on_batch)


def verb_of(command: Command) -> Verb[Any]:
    """The verb of a command."""
    return VERBS[type(command)]
