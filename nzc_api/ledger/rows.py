"""The ledger's things as rows of its tables have them."""

from datetime import date
from typing import Any

from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    Enrolment,
    Issuance,
    Lot,
    LotId,
    Movement,
    Order,
    ProductionBasis,
    Project,
    Purpose,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.verifications import verification_in
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText


def project_in(row: Any) -> Project:
    return Project(
        row.id,
        row.code,
        LocalizedText(row.name_zh, row.name_en),
        row.forestry,
        row.site,
        row.division_code,
        row.latitude,
        row.longitude,
        row.pilot_id,
        row.site_code,
        tuple(row.found_in),
        tuple(row.suspected_in),
    )


def enrolment_in(row: Any) -> Enrolment:
    return Enrolment(
        row.id,
        row.project_id,
        row.programme,
        row.rule,
        row.number,
        row.registered_on,
        row.methodology,
        row.methodology_version,
        None if row.credited_from is None else DateSpan(row.credited_from, row.credited_to),
        verification_in(row.validation),
    )


# What `batch_in` reads of a batch ``b``.
BATCH = """b.id, b.project_id, b.programme, b.forestry, b.vintage, b.produced_from, b.produced_to,
           b.reductions_registered_on, b.registry, b.prefix, b.lo, b.hi, b.by_certificate, b.written,
           b.production_basis, b.production_document, b.issuance, b.issuance_quantity, b.reductions_applied_on,
           b.withdrawn_position"""


def batch_in(row: Any) -> CreditBatch:
    return CreditBatch(
        row.id,
        row.project_id,
        row.programme,
        row.forestry,
        row.vintage,
        row.produced_from,
        row.produced_to,
        row.reductions_registered_on,
        SerialRange(row.registry, row.prefix, row.lo, row.hi - 1),
        row.by_certificate,
        row.written,
        row.production_basis and ProductionBasis(row.production_basis),
        row.production_document,
        None if row.issuance is None else Issuance(row.issuance, row.issuance_quantity),
        row.reductions_applied_on,
        row.withdrawn_position,
    )


def order_in(row: Any) -> Order:
    """What an entry of a retirement or another use orders."""
    body = row.body
    day = body["retired_on"] if "retired_on" in body else body["used_on"]
    return Order(
        row.position, date.fromisoformat(day), body.get("pilot"), body.get("accounting_period"),
        body.get("purpose"), body.get("beneficiary"),
    )  # fmt: skip


def account_in(row: Any) -> Account:
    key = AccountKey(
        AccountKind(row.kind),
        row.programme,
        row.organisation_id,
        row.pilot_id,
        row.period_id,
        row.purpose and Purpose(row.purpose),
    )
    return Account(row.id, key)


def lot_in(row: Any) -> Lot:
    return Lot(
        LotId(row.position, row.piece), row.account_id, row.batch_id, row.lo, row.hi, row.since
    )


def movement_in(row: Any) -> Movement:
    return Movement(
        row.position, row.line, row.debit_id, row.credit_id, row.batch_id, row.lo, row.hi
    )
