"""Freezing, unfreezing, invalidating and exporting whole batches: a fact about each, and nothing moves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from nzc_api.grounds import Grounds, check_grounds
from nzc_api.ids import BatchId, Position
from nzc_api.ledger.errors.orders import CreditsNotFrozen
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import BatchFact, Decision, Posting
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.kept_back import check_movable, check_not_exported, check_standing
from nzc_api.ledger.posting.state import State
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import NotFound, Refusal


class BatchAction(StrEnum):
    """What can be done to a whole batch at once: a fact about it, however fragmented it is.

    EXPORT: its reductions left the country with a corresponding adjustment (rule 10).
    """

    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    INVALIDATE = "INVALIDATE"
    EXPORT = "EXPORT"


class _Action(NamedTuple):
    """What the log says of an action, which fact it sets (or takes back), and how that is corrected."""

    kind: EntryKind
    fact: str
    is_set: bool = True
    correction: Correction | None = None


_ACTIONS: Mapping[BatchAction, _Action] = {
    BatchAction.FREEZE: _Action(EntryKind.BATCH_FROZEN, "frozen"),
    BatchAction.UNFREEZE: _Action(EntryKind.BATCH_UNFROZEN, "frozen", is_set=False),
    BatchAction.INVALIDATE: _Action(
        EntryKind.BATCH_INVALIDATED, "invalidated", correction=Correction(fact="invalidated")
    ),
    BatchAction.EXPORT: _Action(
        EntryKind.BATCH_EXPORTED, "exported", correction=Correction(fact="exported")
    ),
}


@dataclass(frozen=True, slots=True)
class ActOnBatch:
    batch_id: BatchId
    programme: str
    action: BatchAction
    grounds: Grounds


def malformed(command: ActOnBatch) -> Refusal | None:
    return check_grounds(command.grounds)


def needs(command: ActOnBatch) -> Needs:
    return Needs(batch_id=command.batch_id)


def act_on_batch(state: State, command: ActOnBatch, position: Position) -> Decision:
    """Freeze a whole batch, unfreeze, invalidate or export it, by order: nothing moves, and all its tonnes are so.

    Refused: a batch that there is not in the programme, one whose issuance was taken back (`BatchWithdrawn`), one that
    is frozen, invalidated or exported already where that is in the way, and, to be unfrozen, one that is not frozen.
    """
    path = ("batch",) if command.action is BatchAction.EXPORT else ("target", "batch")
    batch = state.batches.get(command.batch_id)
    if batch is None or batch.programme != command.programme:
        return NotFound.born_at(command.batch_id, "批次", "credit batch", *path)
    problem = check_standing(batch) or _check_batch(state, batch, command.action)
    if problem is not None:
        return replace(problem, path=path)
    action = _ACTIONS[command.action]
    state.change_facts(batch.id, **{action.fact: position if action.is_set else None})
    facts = {"programme": batch.programme, "quantity": batch.serials.quantity}
    effects = (BatchFact(batch.id, command.action), command.grounds)
    return Posting(position, action.kind, facts, effects=effects, subject=batch.id)


def takes_two(command: ActOnBatch) -> bool:
    return command.action is BatchAction.INVALIDATE


def proposed(command: ActOnBatch, _decided: Posting) -> Mapping[str, int]:
    return {"batch_id": command.batch_id}


VERB = Verb(
    name="actOnBatch",
    command=ActOnBatch,
    malformed=malformed,
    needs=needs,
    decide=act_on_batch,
    kinds={action.kind: action.correction for action in _ACTIONS.values()},
    takes_two=takes_two,
    proposed=proposed,
    is_order=True,
    on_batch=True,
)


def _check_batch(state: State, batch: CreditBatch, action: BatchAction) -> Refusal | None:
    facts = state.facts_of(batch.id)
    match action:
        case BatchAction.UNFREEZE:
            if facts.frozen is None:
                return CreditsNotFrozen(path=("batch",), serials=str(batch.serials))
        case BatchAction.EXPORT:
            problem = check_not_exported(batch, state)
            if problem is not None or facts.invalidated is not None:
                return problem or check_movable(batch, state)
        case BatchAction.FREEZE:
            return check_movable(batch, state)
        case BatchAction.INVALIDATE:
            if facts.invalidated is not None:
                return check_movable(batch, state)
    return None
