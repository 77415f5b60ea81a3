"""`nzc verify` and the script that is handed out agree on whatever they are given: files that chance has changed,
signed anew, by nobody, or not; and what is no certificate is refused by each in its own words, never by a traceback."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from nzc_api.proofs.cosignatures import read_witness
from nzc_api.proofs.notes import Verifier
from nzc_api.retirement_certificates.document import certifying, note_text
from nzc_api.retirement_certificates.verifying import NotVerified, verify
from tests.retirement_certificates.test_verifying import (
    EXAMPLE,
    GOOD,
    GOOD_VERIFIED,
    ONE,
    SIGNER,
    cosignature,
    cosigned,
    made,
    resigned,
)

FILES = (GOOD, GOOD_VERIFIED, made(None), made(names_pilot=False), resigned(cosigned(cosignature(1))))  # fmt: skip
KEYS = (None, str(SIGNER.verifier), f" {SIGNER.verifier}\n")

# What stands where something else belongs.
TEXTS = ["", " ", "0", "01", "+1", "1_0", " 1", "\uff11", "\u0661", "-1", "1.0", "NaN", "\0", "\U0001f600", "\ud83d",
         "9" * 5_000, "a\n\nb", "[" * 20_000]  # fmt: skip
DEEP = [json.loads("[" * depth + "]" * depth) for depth in (50, 70, 300)]
VALUES = [None, True, 0, -1, 2**63, 2**64, 1.0, 1e300, float("inf"), float("nan"), [], {}, [None], {"a": 1},
          *DEEP, *TEXTS]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    names = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for name in names:
        yield from places(value[name], (*way, name))


def changed(document: Any, chance: random.Random) -> None:
    """One thing in it is another, twice there, gone, or somewhere else."""
    *way, name = chance.choice([place for place in places(document) if place])
    at = document
    for step in way:
        at = at[step]
    value = at[name]
    match chance.randrange(6):
        case 0:
            at[name] = chance.choice(VALUES)
        case 1:
            del at[name]
        case 2 if isinstance(at, list):
            at.insert(name, deepcopy(chance.choice(at)))
        case 3 if isinstance(at, list):
            chance.shuffle(at)
        case 4 if isinstance(value, str) and value.isdigit():
            at[name] = chance.choice(
                [f"0{value}", f"+{value}", f"{value} ", str(int(value) + 1), int(value)]
            )
        case _ if isinstance(value, str) and value:
            place = chance.randrange(len(value))
            other = chance.choice(["", " ", "=", "A", "\v", "\u2028"])
            at[name] = value[:place] + other + value[place + 1 :]
        case _ if isinstance(at, dict):
            at[chance.choice(["zz", "\U0001f600", "\ufb01"])] = 1
        case _:
            at.append(value)


def written(document: Any, chance: random.Random) -> bytes:
    """As it was signed, or as who has the key signs it, or as nobody does."""
    signing = chance.choice([str, certifying(SIGNER).sign, None])
    try:
        if signing:
            document["note"] = signing(note_text(document["certificate"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        pass  # What cannot be signed is shown as it is.
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def holds_for_nzc(content: bytes, key: str | None, witnesses: list[str]) -> bool:
    try:
        verify(
            content, None if key is None else Verifier.read(key), list(map(read_witness, witnesses))
        )
    except NotVerified:
        return False
    return True


def holds_for_script(content: bytes, key: str | None, witnesses: list[str]) -> bool:
    try:
        EXAMPLE["verify_certificate"](content, key and key.strip(), witnesses)
    except (EXAMPLE["Wrong"], *EXAMPLE["MALFORMED"]):
        return False
    return True


@pytest.mark.parametrize("seed", range(6))
def test_they_agree(seed: int) -> None:
    chance = random.Random(seed)
    found: Counter[bool] = Counter()
    for _ in range(150):
        document = json.loads(chance.choice(FILES))
        for _ in range(chance.choice([1, 1, 2])):
            inner = document.get("certificate")
            changed(
                inner if isinstance(inner, dict) and inner and chance.random() < 0.8 else document,
                chance,
            )
        content, key = written(document, chance), chance.choice(KEYS)
        witnesses = [ONE] if chance.random() < 0.2 else []
        verdict = holds_for_nzc(content, key, witnesses)
        assert verdict == holds_for_script(content, key, witnesses), content
        found[verdict] += 1
    assert len(found) == 2  # Some of it is what nobody proves.


def test_they_agree_on_each_bit_of_what_was_signed() -> None:
    """The last digits of base64, and lines beside the signature, are what one of them once let through."""
    start = GOOD.rindex("— ".encode())
    for place in range(start, len(GOOD)):
        for bit in (0, 1, 5):
            flipped = bytearray(GOOD)
            flipped[place] ^= 1 << bit
            assert not holds_for_nzc(bytes(flipped), None, [])
            assert not holds_for_script(bytes(flipped), None, [])
    for line in ("junk\n", "— other x\n", "\n"):
        document = json.loads(GOOD)
        document["note"] += line
        content = f"{json.dumps(document, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}\n".encode()
        assert not holds_for_nzc(content, None, [])
        assert not holds_for_script(content, None, [])
