"""What registries' texts of serial blocks say, as GraphQL."""

from collections.abc import Sequence

import strawberry

from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.serials import BlockReading, SerialRange, readings, written_text
from nzc_api.refusal import InvalidInput, Refused, refuse
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.kit.scalars import BigInt

# What a text of blocks may list: as many as are posted at once.
MOST_BLOCKS = 1000


@strawberry.type(description="What the text of a serial block says.")
class SerialBlockReading:
    format: str = strawberry.field(description="Which registry's way of writing it is.")
    prefix: str = strawberry.field(description="What precedes the numbers, normalised.")
    first: BigInt = strawberry.field(description="The first serial.")
    last: BigInt = strawberry.field(description="The last serial.")
    quantity: BigInt = strawberry.field(description="last − first + 1, in tonnes.")
    registry_text: str = strawberry.field(
        description="The block as it is shown, in its registry's own way to write serials."
    )

    @classmethod
    def of(cls, reading: BlockReading) -> "SerialBlockReading":
        """What was read; raises ``Refused`` where the serials are no range."""
        serials = SerialRange("", reading.prefix, reading.first, reading.last)
        refuse(check_range(serials))
        return cls(
            format=reading.format,
            prefix=reading.prefix,
            first=BigInt(serials.first),
            last=BigInt(serials.last),
            quantity=BigInt(serials.quantity),
            registry_text=text_of(serials, reading.written),
        )


@strawberry.type(description="What the text of several serial blocks says.")
class SerialBlockReadings:
    blocks: list[SerialBlockReading] = short_list("The blocks, in order.", MOST_BLOCKS)
    quantity: BigInt = strawberry.field(description="Their tonnes together.")

    @classmethod
    def of(cls, found: Sequence[BlockReading]) -> "SerialBlockReadings":
        """What was read; raises ``Refused`` where it is too much, or serials are no range."""
        if len(found) > MOST_BLOCKS:
            raise Refused(
                InvalidInput(
                    path=("text",),
                    value=str(len(found)),
                    expected_zh=f"最多{MOST_BLOCKS}个区间",
                    expected_en=f"at most {MOST_BLOCKS} blocks",
                )
            )
        return cls(
            blocks=[SerialBlockReading.of(reading) for reading in found],
            quantity=BigInt(sum(reading.quantity for reading in found)),
        )


def bad_block(text: str, path: tuple[str, ...]) -> InvalidInput:
    """What is wrong with a block's text: it says nothing, or may mean several things."""
    found = readings(text)
    if found:
        zh = "，或".join(f"“{reading}”（{reading.quantity}吨）" for reading in found)
        en = ", or ".join(f"“{reading}” ({reading.quantity} t)" for reading in found)
        return InvalidInput(
            path=path,
            value=text[:80],
            expected_zh=f"可有多种读法，请写明是{zh}",
            expected_en=f"it can be read in several ways; write which one is meant: {en}",
        )
    return InvalidInput(
        path=path,
        value=text[:80],
        expected_zh="登记机构的序列号区间，如“GD-2024-1 to 500”",
        expected_en="a registry's serial block, such as “GD-2024-1 to 500”",
    )


def text_of(serials: SerialRange, written: str | None) -> str:
    """A block in its registry's way to write serials."""
    return str(serials) if written is None else written_text(written, serials.lo, serials.hi)
