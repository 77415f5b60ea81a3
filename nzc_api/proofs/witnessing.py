"""Asking witnesses to cosign the log's checkpoints: by one process of all, the latest checkpoint each time."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic

from nzc_api.database.alone import alone
from nzc_api.log.service import Log
from nzc_api.outbound.posting import Outbound, Unanswered
from nzc_api.proofs import store, witness_store
from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.proofs.errors import TreeBroken
from nzc_api.proofs.model import Checkpoint
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.service import ProofService
from nzc_api.proofs.witnesses import (
    GRAVE,
    NoCosignature,
    Saw,
    WhyNone,
    Witness,
    answer_of,
    question,
)

logger = logging.getLogger(__name__)

# How soon a checkpoint is shown to witnesses, and how soon one that did not cosign is asked again.
ASK_SECONDS = 10
AGAIN_SECONDS = 60

HEADERS = {"content-type": "text/plain; charset=utf-8", "user-agent": "NZC"}


class WitnessService:
    """What asks the witnesses that the operator named."""

    def __init__(
        self, log: Log, proofs: ProofService, witnesses: Sequence[Witness], outbound: Outbound
    ) -> None:
        self._log = log
        self._proofs = proofs
        self._witnesses = witnesses
        self._outbound = outbound
        # Who did not cosign when it was asked last, and when it is asked again.
        self._resting: dict[Verifier, float] = {}

    @property
    def failing(self) -> int:
        """How many witnesses did not cosign when this process asked them last."""
        return len(self._resting)

    async def ask(self) -> None:
        """Ask each witness that has not cosigned the latest checkpoint to do so. Nothing where another process asks,
        and where nobody signed that."""
        async with (
            self._log.database.read() as connection,
            alone(connection, "nzc witnesses") as is_alone,
        ):
            latest = await store.read_latest(connection)
            if not is_alone or latest is None or not latest.is_signed:
                return
            verifiers = [witness.verifier for witness in self._witnesses]
            cosigned = await witness_store.read_cosigned(connection, verifiers)
            # Of a tree that is not what was committed to, who lets it grow tells.
            with suppress(TreeBroken):
                await self._ask(latest, cosigned)

    async def _ask(self, latest: Checkpoint, cosigned: Mapping[Verifier, int]) -> None:
        """Ask those that are due, side by side, and keep what they signed."""
        now = monotonic()
        due = [
            one
            for one in self._witnesses
            if cosigned[one.verifier] < latest.size and self._resting.get(one.verifier, now) <= now
        ]
        answers = await asyncio.gather(
            *(self._asked(one, latest, cosigned[one.verifier]) for one in due)
        )
        for witness, answer in zip(due, answers, strict=True):
            self._note(witness, latest, answer)
        signed = [answer for answer in answers if isinstance(answer, Cosignature)]
        if signed:
            async with self._log.database.write() as connection:
                await witness_store.insert_cosignatures(connection, latest.size, signed)

    async def _asked(
        self, witness: Witness, latest: Checkpoint, cosigned: int
    ) -> Cosignature | NoCosignature:
        """What a witness signs. What it saw last may be another tree than the one of which an answer came: it says so,
        and is asked once more."""
        answer = await self._post(witness, latest, cosigned)
        if isinstance(answer, Saw) and answer.size <= latest.size:
            answer = await self._post(witness, latest, answer.size)
        if not isinstance(answer, Saw):
            return answer
        more = answer.size > latest.size
        return NoCosignature(WhyNone.SAW_MORE if more else WhyNone.REJECTED)

    async def _post(
        self, witness: Witness, latest: Checkpoint, old: int
    ) -> Cosignature | Saw | NoCosignature:
        proof = await self._proofs.consistency(old, latest.size)
        body = question(old, proof.path, latest.note)
        try:
            reply = await self._outbound.post(witness.address, HEADERS, body)
        except Unanswered as none:
            return NoCosignature(WhyNone(none.why))
        return answer_of(reply, latest.note, witness.verifier)

    def _note(
        self, witness: Witness, latest: Checkpoint, answer: Cosignature | NoCosignature
    ) -> None:
        if isinstance(answer, Cosignature):
            self._resting.pop(witness.verifier, None)
            return
        self._resting[witness.verifier] = monotonic() + AGAIN_SECONDS
        level = logging.ERROR if answer.why in GRAVE else logging.WARNING
        said = {
            "witness": witness.verifier.name,
            "size": latest.size,
            "reason": answer.why,
            "status": answer.status,
        }
        logger.log(level, "log_not_cosigned", extra=said)
