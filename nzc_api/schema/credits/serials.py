"""Serial blocks and single serials, as GraphQL."""

import strawberry

from nzc_api.ledger import model as domain
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.serials import (
    SerialRange,
    certificate_serials,
    normalise_prefix,
    read_block,
    read_serial,
)
from nzc_api.refusal import InvalidInput, Refused, refuse
from nzc_api.schema.credits.serial_texts import bad_block, text_of
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.type(description="Serials first to last of one batch: one tonne each.")
class SerialBlock:
    domain: strawberry.Private[SerialRange]
    written: strawberry.Private[str | None] = None

    registry = attribute(str, "registry", "The registry that numbers them.")
    prefix = attribute(str, "prefix", "What precedes the number.")
    first = attribute(BigInt, "first", "The first serial.")
    last = attribute(BigInt, "last", "The last serial.")
    quantity = attribute(BigInt, "quantity", "last − first + 1, in tonnes.")

    @strawberry.field(description="The block as NZC writes it.")
    def text(self) -> str:
        return str(self.domain)

    @strawberry.field(
        description="The block as its registry writes it, such as “CR0000000001 to CR0000000500”, if its "
        "issuance said so; else as NZC does."
    )
    def registry_text(self) -> str:
        return text_of(self.domain, self.written)


@strawberry.input(description="Serials of one prefix, first to last, both included.")
class SerialRangeInput:
    prefix: str = strawberry.field(
        description="What precedes the number in the registry's serials."
    )
    first: BigInt = strawberry.field(description="The first serial.")
    last: BigInt = strawberry.field(description="The last serial.")


@strawberry.input(
    description="Tonnes of a certificate without published serials, first to last, both included."
)
class CertificateTonnesInput:
    number: str = strawberry.field(description="The certificate's number.")
    first: BigInt = strawberry.field(description="The first tonne, counted from 1.")
    last: BigInt = strawberry.field(description="The last tonne.")


@strawberry.input(description="A serial block: exactly one of these.", one_of=True)
class SerialBlockInput:
    range: SerialRangeInput | None = strawberry.field(
        default=strawberry.UNSET, description="Its prefix, first and last serial."
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its text as the registry writes it, such as “GD-2024-1 to 500”.",
    )
    certificate: CertificateTonnesInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="Where the registry publishes no serials: tonnes of a certificate.",
    )

    def serials(
        self, programme: ProgrammeCode, *path: str, tonnes: int | None = None
    ) -> SerialRange:
        """The serials that are meant; ``tonnes`` say it where the text may mean several things."""
        registry = PROGRAMMES[programme].registry
        if self.range:
            prefix = prefix_of(self.range.prefix, *path, "range", "prefix")
            return SerialRange(registry, prefix, self.range.first, self.range.last)
        if self.certificate:
            number = prefix_of(self.certificate.number, *path, "certificate", "number")
            return certificate_serials(
                registry, number, self.certificate.first, self.certificate.last
            )
        reading = read_block(self.text or "", tonnes)
        if reading is None:
            raise Refused(bad_block(self.text or "", (*path, "text")))
        return SerialRange(registry, reading.prefix, reading.first, reading.last)

    def written(self, tonnes: int | None = None) -> str | None:
        """How the registry writes them, where that is not as NZC does."""
        reading = read_block(self.text or "", tonnes)
        return None if reading is None else reading.written


@strawberry.input(description="A single serial.")
class SerialBy:
    programme: ProgrammeCode = strawberry.field(description="Its programme.")
    text: str = strawberry.field(description="The serial, such as GD-2024-17.")
    of_certificate: bool = strawberry.field(
        default=False,
        description="Whether it is a tonne of a certificate: its number, a dash, and which tonne.",
    )

    def serials(self, *path: str) -> SerialRange:
        reading = read_serial(self.text)
        if reading is None:
            raise Refused(
                InvalidInput(
                    path=(*path, "text"),
                    value=self.text[:80],
                    expected_zh="前缀-号码，如GD-2024-17",
                    expected_en="prefix-number, such as GD-2024-17",
                )
            )
        prefix, number = reading
        registry = PROGRAMMES[self.programme].registry
        serials = SerialRange(registry, prefix, number, number)
        if self.of_certificate:
            serials = certificate_serials(registry, prefix, number, number)
        refuse(check_range(serials), *path)
        return serials


def block_of(batch: domain.CreditBatch, lo: int, hi: int) -> SerialBlock:
    serials = batch.serials
    part = SerialRange(serials.registry, serials.prefix, lo, hi - 1)
    return SerialBlock(domain=part, written=batch.written)


def prefix_of(text: str, *path: str) -> str:
    """A prefix or a certificate's number, normalised; raises ``Refused`` where it cannot be one."""
    prefix = normalise_prefix(text)
    if prefix is None:
        raise Refused(
            InvalidInput(
                path=path,
                value=text[:80],
                expected_zh="1至80个汉字、字母、数字或 . _ / - 〔〕 组成的前缀，首尾为汉字、字母或数字，不含“至”“到”",
                expected_en="a prefix of 1 to 80 letters, Chinese characters, digits or . _ / - 〔〕, "
                "none of these signs at its ends, and without 至 or 到",
            )
        )
    return prefix
