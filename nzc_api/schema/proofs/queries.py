"""What can be asked of the log's tree."""

from typing import Annotated

import strawberry

from nzc_api.ids import Position
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.proofs.types import (
    ConsistencyProof,
    InclusionProof,
    LogCheckpoint,
    checkpoint_of,
)

Size = Annotated[
    BigInt | None,
    argument("The tree over so many entries. Default: that of the latest checkpoint."),
]


@strawberry.type
class ProofQueries:
    @dear(
        "What the log committed to last, or at a size; null where it did not. A second or so after an entry there is a "
        "checkpoint over it.",
        statements=1,
    )
    async def log_checkpoint(
        self,
        info: Info,
        size: Annotated[
            BigInt | None, argument("Over so many entries. Default: the latest.")
        ] = None,
    ) -> LogCheckpoint | None:
        return await checkpoint_of(info, size)

    @dear(
        "What the log committed to last that a witness cosigned; null where none did. Witnesses are asked every ten "
        "seconds, where the operator has named some.",
        statements=1,
    )
    async def cosigned_checkpoint(self, info: Info) -> LogCheckpoint | None:
        found = await info.context.services.proofs.latest_cosigned()
        return None if found is None else LogCheckpoint(domain=found)

    @dear("The proof that an entry is in the log.", statements=3)
    async def inclusion_proof(
        self,
        info: Info,
        position: Annotated[BigInt, argument("The entry's position.")],
        size: Size = None,
    ) -> InclusionProof:
        proof = await info.context.services.proofs.inclusion(Position(position), size)
        return InclusionProof(domain=proof)

    @dear("The proof that the log only grew from one size to another.", statements=2)
    async def consistency_proof(
        self,
        info: Info,
        from_size: Annotated[BigInt, argument("The earlier tree: over so many entries.")],
        to_size: Size = None,
    ) -> ConsistencyProof:
        proof = await info.context.services.proofs.consistency(from_size, to_size)
        return ConsistencyProof(domain=proof)
