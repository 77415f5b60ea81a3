"""Posting: commands that arrive together are decided and written together (group commit).

One task posts. It takes whatever waits when its turn has come, up to a batch; what arrives meanwhile
forms the next one, and a lone command waits for nobody. A batch that fails is rolled back and halved,
so one unit never fails another's.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.posting import posting_store
from nzc_api.ledger.posting.cache import Cache
from nzc_api.ledger.posting.decide import Decider, RefusedItem
from nzc_api.ledger.posting.kit.posting import Posting
from nzc_api.ledger.posting.load import Loader
from nzc_api.ledger.posting.posting_unit import PostingUnit, decide_unit
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verb_table import POSTINGS
from nzc_api.log import store as log_store
from nzc_api.log.model import Head, Outcome, StoredOutcome
from nzc_api.log.service import Log, Transaction, replay
from nzc_api.observing import metrics
from nzc_api.overload import Overloaded

# In commands: how many are decided and written at once, and how many may wait.
LARGEST_BATCH = 1_000
LONGEST_QUEUE = 20_000

# In entries: where others logged more, it is not looked whether what was known is still true.
MOST_SINCE = 10_000


class _Delivery:
    """The outcomes of units that one caller waits for together."""

    def __init__(self, size: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Nobody may be left to hear of a failure; that is no fault to log.
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.outcomes: list[Outcome] = [_UNKNOWN] * size
        self._missing = size

    def bring(self, place: int, outcome: Outcome) -> None:
        self.outcomes[place] = outcome
        self._missing -= 1
        if self._missing == 0 and not self.done.done():
            self.done.set_result(None)

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


_UNKNOWN = Outcome(None, None)


class _Waiting(NamedTuple):
    unit: PostingUnit
    delivery: _Delivery
    place: int


class Poster:
    """Posts the commands of one process, in the order in which they arrive. ``most_alone`` is of how many tonnes one
    person may order a correction or an invalidation (None: of any)."""

    def __init__(self, log: Log, most_alone: int | None = None) -> None:
        self._log = log
        self.most_alone = most_alone
        self._cache = Cache()
        self._mark: Head | None = None
        self._waiting: deque[_Waiting] = deque()
        self._length = 0
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many commands wait."""
        return self._length

    @property
    def busy(self) -> bool:
        """Whether commands wait, or are posted just now."""
        return self._arrived.is_set()

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="ledger-poster")

    async def stop(self) -> None:
        """Stop posting; what still waits gets no answer and leaves no trace."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for waiting in self._waiting:
            waiting.delivery.done.cancel()

    async def post(self, unit: PostingUnit) -> Outcome:
        """Post one unit and wait for its outcome."""
        return (await self.post_all([unit]))[0]

    async def post_all(self, units: Sequence[PostingUnit]) -> list[Outcome]:
        """Post units and wait for their outcomes, which a caller that goes away does not change.

        It may be called in another thread. Raises ``Overloaded``, with none of them taken, where too many
        commands wait.
        """
        if not units:
            return []
        if asyncio.get_running_loop() is not self._loop:
            asked = asyncio.run_coroutine_threadsafe(self.post_all(units), self._loop)
            return await asyncio.wrap_future(asked)
        delivery = _Delivery(len(units))
        taken: list[_Waiting] = []
        for place, unit in enumerate(units):
            malformed = unit.malformed()
            if malformed is None:
                taken.append(_Waiting(unit, delivery, place))
            else:
                delivery.bring(place, malformed)
        count = sum(len(waiting.unit.commands) for waiting in taken)
        if self._length and self._length + count > LONGEST_QUEUE:
            raise Overloaded
        self._length += count
        self._waiting.extend(taken)
        self._arrived.set()
        await delivery.done
        return delivery.outcomes

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            if self._waiting:
                await self._post_apart([])
            else:
                self._arrived.clear()

    def _next_batch(self) -> list[_Waiting]:
        """What is posted together: at least one unit, else up to the largest batch."""
        batch: list[_Waiting] = []
        size = 0
        while self._waiting:
            size += len(self._waiting[0].unit.commands)
            if batch and size > LARGEST_BATCH:
                break
            batch.append(self._waiting.popleft())
            self._length -= len(batch[-1].unit.commands)
        return batch

    async def _post_apart(self, batch: list[_Waiting]) -> None:
        try:
            outcomes = await self._post_together(batch)
        except (DatabaseUnavailable, Overloaded) as error:
            _fail(batch or self._next_batch(), error)
        except Exception as error:
            if len(batch) <= 1:
                _fail(batch or self._next_batch(), error)
                return
            half = len(batch) // 2
            await self._post_apart(batch[:half])
            await self._post_apart(batch[half:])
        else:
            for (_, delivery, place), outcome in zip(batch, outcomes, strict=True):
                delivery.bring(place, outcome)

    async def _post_together(self, batch: list[_Waiting]) -> list[Outcome]:
        """Post a batch. An empty one is filled with what waits when the head is ours: while another
        process has it, more may come."""
        # Kept only with an entry that was committed after all of it was read: a log that lacks it is not
        # written.
        cache, mark = self._cache, self._mark
        self._cache, self._mark = Cache(), None
        async with self._log.write() as transaction:
            cache = await _still_true(transaction, cache, mark)
            if not batch:
                batch += self._next_batch()
            units = [waiting.unit for waiting in batch]
            outcomes, postings, state = await self._decide(transaction, cache, units)
            await transaction.flush()
            metrics.batch.observe(sum(len(unit.commands) for unit in units))
            if postings:
                await posting_store.write(
                    transaction.connection, postings, state.account_keys, state.batches
                )
        withdrawn = any(posting.withdrawn is not None for posting in postings)
        if postings and not withdrawn and not cache.is_full:
            self._cache = cache
            self._mark = transaction.head
        return outcomes

    async def _decide(
        self, transaction: Transaction, cache: Cache, units: Sequence[PostingUnit]
    ) -> tuple[list[Outcome], list[Posting], State]:
        """The outcome of each unit, and what they post, with the state that it was decided on."""
        keys = [unit.key for unit in units]
        answered = await log_store.read_outcomes(transaction.connection, keys)
        loader = Loader(transaction.connection, transaction.head, cache)
        unanswered = [unit for unit in units if unit.key not in answered]
        state = await loader.load([command for unit in unanswered for command in unit.commands])
        decider = Decider(state, self.most_alone)
        outcomes: list[Outcome] = []
        postings: list[Posting] = []
        for unit, key in zip(units, keys, strict=True):
            if key in answered:
                outcomes.append(replay(answered[key], unit.request))
                continue
            decided = await decide_unit(decider, loader, unit, transaction.next_position)
            outcome = _conclude(transaction, unit, decided)
            if not isinstance(decided, RefusedItem):
                postings += decided
            if outcome.uses_key:
                # A second use of the key in this very batch is answered like any later one.
                again = outcome._replace(replayed=True)
                answered[key] = StoredOutcome(unit.request.fingerprint, again)
            outcomes.append(outcome)
        return outcomes, postings, state


async def _still_true(transaction: Transaction, cache: Cache, mark: Head | None) -> Cache:
    """What is still true of what was read up to ``mark``."""
    head = transaction.head
    if mark is None or mark.log_id != head.log_id or head.position - mark.position > MOST_SINCE:
        return Cache()
    if mark.position == head.position:
        return cache
    withdrawn, amended = await ledger_store.read_changes_since(
        transaction.connection, mark.position, POSTINGS
    )
    if withdrawn:
        return Cache()
    if amended:
        cache.forget_amendable()
    return cache


def _conclude(
    transaction: Transaction, unit: PostingUnit, decided: Sequence[Posting] | RefusedItem
) -> Outcome:
    if isinstance(decided, RefusedItem):
        outcome = unit.refused(decided, as_of=transaction.position)
    else:
        for posting in decided:
            transaction.append(unit.actor, posting.kind, posting.facts, posting.subject)
        outcome = Outcome(decided[0].position, None, as_of=decided[-1].position)
    if outcome.uses_key:
        transaction.conclude(unit.actor, unit.request, outcome)
    return outcome


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        waiting.delivery.fail(error)
