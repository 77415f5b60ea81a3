"""Signed notes are those of c2sp.org/signed-note, and checkpoints those of c2sp.org/tlog-checkpoint."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Malformed, Signer, Verifier, parts_of
from nzc_api.proofs.tree import EMPTY_ROOT

# The note of the documentation of golang.org/x/mod/sumdb/note, and the key that signed it.
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN"
    "XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE = f"{TEXT}\n{SIGNATURE}"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]

PETER = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(SEED))

HEAD = TreeHead("nzc/0123456789abcde", 17, EMPTY_ROOT)


def test_a_published_note_is_written_and_read() -> None:
    assert PETER.sign(TEXT) == NOTE
    assert str(PETER.verifier) == VERIFIER
    assert Verifier.read(VERIFIER) == PETER.verifier
    assert PETER.verifier.verifies(NOTE)


def test_no_byte_of_a_note_may_be_another() -> None:
    for place, sign in enumerate(NOTE):
        bad = NOTE[:place] + ("x" if sign != "x" else "y") + NOTE[place + 1 :]
        assert not _verifies(bad), place


def _verifies(note: str) -> bool:
    try:
        return PETER.verifier.verifies(note)
    except Malformed:
        return False


def test_whose_signature_it_is_counts() -> None:
    other = Signer("Other", Ed25519PrivateKey.generate())
    both = other.sign(TEXT) + SIGNATURE
    assert PETER.verifier.verifies(both)
    assert other.verifier.verifies(both)
    assert not PETER.verifier.verifies(other.sign(TEXT))
    assert not PETER.verifier.verifies(TEXT)
    # The same name with another key, and the same key under another name.
    assert not Verifier(PETER.name, other.verifier.key).verifies(NOTE)
    assert not Verifier("Other", PETER.verifier.key).verifies(NOTE)
    # A signature that is its own and wrong is not made good by one that is right.
    wrong = PETER.sign("something else\n").rpartition("\n\n")[2]
    assert not PETER.verifier.verifies(NOTE + wrong)


@pytest.mark.parametrize(
    "text",
    ["", "Peter", VERIFIER[:-1], VERIFIER.replace("c74f20a3", "c74f20a4"), VERIFIER.replace("ARpc", "AhpC"),
     f"{VERIFIER}=",
     VERIFIER.replace("PeterNeumann", "Peter Neumann")],
)  # fmt: skip
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(Malformed):
        Verifier.read(text)


@pytest.mark.parametrize(
    "note", ["", "no last line", f"{TEXT}\n— Peter\n", f"{TEXT}\n— Peter ***\n", NOTE[:-1], NOTE + "— P AAA\n",
             f"{TEXT}\n{SIGNATURE * 65}"],
)  # fmt: skip
def test_what_is_no_note(note: str) -> None:
    with pytest.raises(Malformed):
        parts_of(note)


def test_a_checkpoint_is_read_as_it_is_written() -> None:
    assert HEAD.text == "nzc/0123456789abcde\n17\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert TreeHead.read(HEAD.text) == HEAD
    assert TreeHead.read(PETER.sign(HEAD.text)) == HEAD


@pytest.mark.parametrize(
    "text",
    ["o\n", "o\n1\n", HEAD.text.replace("17", "017"), HEAD.text.replace("17", "-1"), HEAD.text.replace("17", "1.0"),
     HEAD.text.replace("47DE", "47D"), HEAD.text.replace("FU=", "FV="), HEAD.text + "more\n", f"\n{HEAD.text[20:]}",
     HEAD.text.replace("17", "1" * 30)],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(Malformed):
        TreeHead.read(text)
