"""What an entry says of the rows that its posting writes besides movements, so that none is changed without
contradicting the log. Grounds are words that may have to be erased: an entry is bound to them by their hash."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from nzc_api.grounds import Grounds
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.posting.kit.posting import Posting, RequestOpened


def told(posting: Posting) -> Mapping[str, Any]:
    """The body of a posting's entry."""
    if posting.batch is None and not posting.effects:
        return posting.facts
    body = dict(posting.facts)
    if posting.batch is not None:
        body["block"] = _block(posting.batch)
    for effect in posting.effects:
        match effect:
            case Grounds():
                body["grounds"] = grounds_digest(effect)
            case RequestOpened():
                body["expires_at"] = effect.expires_at.isoformat()
    return body


def grounds_digest(grounds: Grounds) -> str:
    """SHA-256 of document and reason, as a JSON array that PostgreSQL writes the same."""
    said = json.dumps([grounds.document, grounds.reason], ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


def _block(batch: CreditBatch) -> dict[str, Any]:
    """What is recorded of an issuance beside what its entry says anyway; what was not given is left out."""
    applied_on = batch.reductions_applied_on
    facts = {
        "registry": batch.serials.registry, "prefix": batch.serials.prefix,
        "first": batch.serials.lo, "last": batch.serials.hi - 1,
        "registered_on": str(batch.reductions_registered_on),
        "applied_on": None if applied_on is None else str(applied_on),
        "by_certificate": batch.by_certificate, "forestry": batch.forestry,
        "written": batch.written, "basis": batch.production_basis, "document": batch.production_document,
        "issuance_quantity": batch.issuance and batch.issuance.quantity,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}
