"""Cosignatures are those of c2sp.org/tlog-cosignature, and what counts as one is told."""

import base64

import pytest
from pydantic import ValidationError

from nzc_api.outbound.posting import Reply
from nzc_api.proofs.cosignatures import (
    LAST_SECOND,
    NotCosigned,
    cosignature_in,
    read_witness,
)
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Malformed, Signer
from nzc_api.proofs.witnesses import NoCosignature, Saw, WhyNone, Witness, answer_of, question
from nzc_api.settings import Settings
from tests.proofs.keys import KEY
from tests.proofs.witness import TIME, cosigned_line, key_of, verifier_of

NAME = "witness.example/w1"
HEAD = TreeHead("nzc/00000000000002a", 17, bytes(range(32)))
OTHER = TreeHead(HEAD.origin, 18, bytes(32))
NOTE = Signer(HEAD.origin, KEY).sign(HEAD.text)
WITNESS = read_witness(verifier_of(NAME, key_of(1)))


def line(time: int = TIME, text: str = HEAD.text, name: str = NAME, seed: int = 1) -> str:
    return cosigned_line(name, key_of(seed), text, time)


def why(note: str) -> str:
    with pytest.raises(NotCosigned) as none:
        cosignature_in(note, WITNESS)
    return none.value.why


def test_a_cosignature_is_read_and_written_as_it_was() -> None:
    found = cosignature_in(NOTE + line(), WITNESS)
    assert (found.time, found.at.isoformat()) == (TIME, "2026-11-18T11:06:40+00:00")
    assert found.line == line()
    assert found.holds(HEAD.text)
    assert not found.holds(OTHER.text)


def test_no_byte_of_it_may_be_another() -> None:
    good = line()
    for place, sign in enumerate(good[:-1]):
        bad = good[:place] + ("x" if sign != "x" else "y") + good[place + 1 :]
        with pytest.raises((NotCosigned, Malformed)):
            cosignature_in(NOTE + bad, WITNESS)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "ABSENT"),
        (line(name="witness.example/w2"), "ABSENT"),
        (line(seed=2), "ABSENT"),
        (line(text=OTHER.text), "WRONG"),
        (line(text=HEAD.text.replace("17", "18")), "WRONG"),
        (line(0), "NO_TIME"),
        (line(LAST_SECOND + 1), "NO_TIME"),
        (line(2**64 - 1), "NO_TIME"),
        (line() + line(text=OTHER.text), "WRONG"),
    ],
)
def test_what_does_not_count(lines: str, said: str) -> None:
    assert why(NOTE + lines) == said


def test_half_a_cosignature_does_not_count() -> None:
    name, _, signed = line().strip().rpartition(" ")
    half = base64.b64encode(base64.b64decode(signed)[:-1]).decode()
    assert why(f"{NOTE}{name} {half}\n") == "WRONG"


def test_others_neither_help_nor_harm_and_the_latest_counts() -> None:
    others = line(name="witness.example/w2", seed=2) + line(text=OTHER.text, seed=3)
    found = cosignature_in(NOTE + others + line(TIME - 5) + line(), WITNESS)
    assert found.time == TIME


def test_a_key_of_another_kind_is_none_of_a_witness() -> None:
    with pytest.raises(Malformed):
        read_witness(verifier_of(NAME, key_of(1), b"\x01"))


URL = "https://w.example"
OF_ANOTHER_KIND = verifier_of(NAME, key_of(1), b"\x01")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (str(WITNESS), "a witness is its verifier key"),
        (f"{WITNESS} ftp://w.example", "a witness is its verifier key"),
        (f"{WITNESS} https://u:p@w.example", "a witness is its verifier key"),
        (f"{WITNESS} https://w.example/?a=b", "a witness is its verifier key"),
        (f"{OF_ANOTHER_KIND} {URL}", "a witness is its verifier key"),
        (f"{WITNESS} {URL}, {WITNESS} {URL}/2", "each once"),
        (", ".join(f"{verifier_of(f'w/{n}', key_of(1))} {URL}" for n in range(16)), "at most 15"),
    ],
)
def test_settings_that_name_no_witness(given: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate({"log_key_file": "log.key", "witnesses": given})


def test_settings_name_witnesses_of_a_log_that_signs() -> None:
    given = f"{WITNESS} {URL}, {verifier_of('w/2', key_of(1))} {URL}/2"
    assert len(Settings.model_validate({"log_key_file": "k", "witnesses": given}).witnesses) == 2
    with pytest.raises(ValidationError, match="NZC_LOG_KEY_FILE"):
        Settings.model_validate({"witnesses": given})


def test_a_witness_is_asked_as_it_is_specified() -> None:
    path = [bytes([1]) * 32, bytes([2]) * 32]
    assert question(9, path, NOTE).decode() == (
        f"old 9\n{base64.b64encode(path[0]).decode()}\n{base64.b64encode(path[1]).decode()}\n\n{NOTE}"
    )
    assert question(0, (), NOTE).decode() == f"old 0\n\n{NOTE}"
    read = Witness.read(f"{WITNESS} https://w.example/submit/")
    assert read == Witness(WITNESS, "https://w.example/submit")
    assert read.address == "https://w.example/submit/add-checkpoint"


def text_of_another() -> str:
    """Lines that make another text of the note, which the witness cosigned."""
    return f"x\n\n{line(text=f'{NOTE}x' + chr(10))}"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, line(0), NoCosignature(WhyNone.NO_TIME, 200)),
        (200, line(seed=2), NoCosignature(WhyNone.ABSENT, 200)),
        (200, line(text=OTHER.text), NoCosignature(WhyNone.WRONG, 200)),
        (200, text_of_another(), NoCosignature(WhyNone.REJECTED, 200)),
        (200, "hello", NoCosignature(WhyNone.REJECTED, 200)),
        (200, "", NoCosignature(WhyNone.ABSENT, 200)),
        (409, "12\n", Saw(12)),
        (409, "012\n", NoCosignature(WhyNone.REJECTED, 409)),
        (409, "many\n", NoCosignature(WhyNone.REJECTED, 409)),
        (403, "", NoCosignature(WhyNone.KEY_UNKNOWN, 403)),
        (404, "", NoCosignature(WhyNone.LOG_UNKNOWN, 404)),
        (422, "", NoCosignature(WhyNone.CONTRADICTED, 422)),
        (307, "", NoCosignature(WhyNone.REJECTED, 307)),
        (500, line(), NoCosignature(WhyNone.REJECTED, 500)),
    ],
)
def test_what_witnesses_answer(status: int, body: str, said: object) -> None:
    assert answer_of(Reply(status, {}, body.encode()), NOTE, WITNESS) == said


def test_a_cosignature_among_those_of_others_is_taken() -> None:
    reply = Reply(200, {}, (line(name="w.example/2", seed=2) + line()).encode())
    assert answer_of(reply, NOTE, WITNESS) == cosignature_in(NOTE + line(), WITNESS)
    assert answer_of(Reply(200, {}, b"\xff"), NOTE, WITNESS) == NoCosignature(WhyNone.REJECTED, 200)
