"""Posting: commands that arrive together are decided and written together (group commit).

One task posts. It takes whatever waits, up to a batch; what arrives meanwhile forms the next one,
and a lone command waits for nobody. A batch that fails is rolled back and halved, so one command
never fails another's.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.ledger import store
from nzc_api.ledger.decide import Decider, Decision, Posting, check_form
from nzc_api.ledger.load import Loader
from nzc_api.ledger.model import (
    Command,
    IssueCredits,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
)
from nzc_api.ledger.programmes import Programme
from nzc_api.ledger.state import MoreNeeded
from nzc_api.log import store as log_store
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction, replay, scope_of
from nzc_api.log.store import Outcome, StoredOutcome
from nzc_api.refusal import Refusal

LARGEST_BATCH = 500
LONGEST_QUEUE = 10_000
RETRY_AFTER_SECONDS = 1

KINDS: Mapping[type[Command], EntryKind] = {
    IssueCredits: EntryKind.CREDITS_ISSUED,
    TransferCredits: EntryKind.CREDITS_TRANSFERRED,
    RetireSerials: EntryKind.CREDITS_RETIRED,
    RetireQuantity: EntryKind.CREDITS_RETIRED,
}


class Overloaded(Exception):
    """More commands wait than NZC will queue; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again after {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Submission:
    """A command on its way: who asked, under which key, and where the outcome goes."""

    actor: Actor
    request: Request
    command: Command
    outcome: asyncio.Future[Outcome]


class Poster:
    """Posts the commands of one process, in the order in which they arrive."""

    def __init__(self, log: Log, programmes: Mapping[str, Programme]) -> None:
        self._log = log
        self._programmes = programmes
        self._waiting: deque[Submission] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="ledger-poster")

    async def stop(self) -> None:
        """Stop posting; what still waits gets no answer and leaves no trace."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for submission in self._waiting:
            submission.outcome.cancel()

    async def post(self, actor: Actor, request: Request, command: Command) -> Outcome:
        """Post a command and wait for its outcome, which a caller that goes away does not change."""
        malformed = check_form(command)
        if malformed is not None:
            return Outcome(None, malformed.under("input"))
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Overloaded(RETRY_AFTER_SECONDS)
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        # Nobody may be left to hear of a failure; that is no fault to log.
        outcome.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._waiting.append(Submission(actor, request, command, outcome))
        self._arrived.set()
        return await asyncio.shield(outcome)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            size = min(len(self._waiting), LARGEST_BATCH)
            batch = [self._waiting.popleft() for _ in range(size)]
            if not self._waiting:
                self._arrived.clear()
            if batch:
                await self._post_apart(batch)

    async def _post_apart(self, batch: Sequence[Submission]) -> None:
        try:
            outcomes = await self._post_together(batch)
        except DatabaseUnavailable as error:
            _fail(batch, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch, error)
                return
            half = len(batch) // 2
            await self._post_apart(batch[:half])
            await self._post_apart(batch[half:])
        else:
            for submission, outcome in zip(batch, outcomes, strict=True):
                if not submission.outcome.done():
                    submission.outcome.set_result(outcome)

    async def _post_together(self, batch: Sequence[Submission]) -> list[Outcome]:
        async with self._log.write() as transaction:
            keys = [(scope_of(s.actor), s.request.key) for s in batch]
            answered = await log_store.read_outcomes(transaction.connection, keys)
            fresh = [s for s, key in zip(batch, keys, strict=True) if key not in answered]
            loader = Loader(transaction.connection, transaction.head)
            state = await loader.load([s.command for s in fresh])
            decider = Decider(state, self._programmes)
            outcomes: list[Outcome] = []
            postings: list[Posting] = []
            for submission, key in zip(batch, keys, strict=True):
                if key in answered:
                    outcomes.append(replay(answered[key], submission.request))
                    continue
                decision = await _decide(decider, loader, submission, transaction)
                if isinstance(decision, Posting):
                    postings.append(decision)
                outcome = _conclude(transaction, submission, decision)
                if outcome.refusal is None or not outcome.refusal.malformed:
                    # A second use of the key in this very batch is answered like any later one.
                    again = Outcome(outcome.position, outcome.refusal, replayed=True)
                    answered[key] = StoredOutcome(submission.request.fingerprint, again)
                outcomes.append(outcome)
            await transaction.flush()
            if postings:
                await store.write(
                    transaction.connection, postings, state.account_keys, state.batches
                )
            return outcomes


async def _decide(
    decider: Decider, loader: Loader, submission: Submission, transaction: Transaction
) -> Decision:
    while True:
        try:
            return decider.decide(submission.command, transaction.next_position)
        except MoreNeeded as more:
            await loader.load_more(more.account_id)


def _conclude(transaction: Transaction, submission: Submission, decision: Decision) -> Outcome:
    if isinstance(decision, Refusal):
        outcome = Outcome(None, decision.under("input"))
    else:
        kind = KINDS[type(submission.command)]
        position = transaction.append(submission.actor, kind, decision.facts)
        outcome = Outcome(position, None)
    if outcome.refusal is None or not outcome.refusal.malformed:
        transaction.conclude(submission.actor, submission.request, outcome)
    return outcome


def _fail(batch: Sequence[Submission], error: Exception) -> None:
    for submission in batch:
        if not submission.outcome.done():
            submission.outcome.set_exception(error)
