"""The table of verbs: each file is in it, and what its verb says agrees with what others know by themselves."""

import re
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import iter_modules

from nzc_api.ledger import auditing
from nzc_api.ledger.auditing import audit_store
from nzc_api.ledger.posting import verbs
from nzc_api.ledger.posting.kit.verb import Correction
from nzc_api.ledger.posting.verb_table import VERBS
from nzc_api.log.kinds import EntryKind

# A part of the fingerprint of every request that was ever kept.
NAMES = {
    "IssueCredits": "issueCredits",
    "TransferCredits": "transferCredits",
    "RetireSerials": "retireCredits",
    "RetireQuantity": "retireCredits",
    "RequestRetirement": "requestRetirement",
    "ConfirmRetirement": "confirmRetirement",
    "EndRequest": "endRetirementRequest",
    "UseCredits": "useCredits",
    "ActOnSerials": "actOnSerials",
    "ActOnBatch": "actOnBatch",
    "CorrectPosting": "correctPosting",
    "ProposeOrder": "proposeOrder",
    "ApproveProposal": "approveProposal",
    "WithdrawProposal": "withdrawProposal",
}


def test_every_file_of_a_verb_is_in_the_table() -> None:
    files = [m.name for m in iter_modules(verbs.__path__, f"{verbs.__name__}.")]
    assert {command.__module__ for command in VERBS} == set(files)


def test_every_command_has_a_verb() -> None:
    defined = {
        kind
        for command in VERBS
        for _, kind in getmembers(import_module(command.__module__), isclass)
        if kind.__module__ == command.__module__ and _is_command(kind)
    }
    assert defined == set(VERBS)


def test_the_names_of_verbs_never_change() -> None:
    # A verb that is new is added here.
    assert {command.__name__: verb.name for command, verb in VERBS.items()} == NAMES


def test_a_kind_of_entry_is_corrected_in_one_way() -> None:
    said = [pair for verb in VERBS.values() for pair in verb.kinds.items()]
    assert all(dict(said)[kind] == how for kind, how in said)


def test_the_audit_knows_every_kind() -> None:
    """By itself: it shares nothing with the verbs (an import contract), so what it names is compared here."""
    folder = Path(auditing.__path__[0])
    sources = [file.read_text() for file in folder.rglob("*.*") if file.suffix in {".py", ".sql"}]
    assert _kinds() <= _named(*sources)


def test_the_audit_knows_what_may_be_corrected() -> None:
    correctable = {
        kind for verb in VERBS.values() for kind, how in verb.kinds.items() if how is not None
    }
    assert _named(audit_store.CORRECTED) == correctable


def test_the_audit_knows_what_facts_of_batches_are_taken_back() -> None:
    facts = {k for verb in VERBS.values() for k, how in verb.kinds.items() if _is_fact(how)}
    assert facts == _named(audit_store.CORRECTED) - _named(audit_store.MOVES)


def _is_fact(how: Correction | None) -> bool:
    return how is not None and how.fact is not None


def _is_command(kind: type) -> bool:
    return hasattr(kind, "__dataclass_fields__") and hasattr(kind, "programme")


def _kinds() -> set[EntryKind]:
    return {kind for verb in VERBS.values() for kind in verb.kinds}


def _named(*texts: str) -> set[str]:
    """The kinds of entries that SQL names."""
    quoted = {word for text in texts for word in re.findall(r"'([A-Z_]+)'", text)}
    return {kind for kind in EntryKind if kind.value in quoted}
