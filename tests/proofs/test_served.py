"""What whoever asks is served of the tree, and proves with it by themselves: with the example that we hand out."""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import monitor_log
import pytest
import pytest_asyncio
import verify_log

from nzc_api.database.engine import Database
from nzc_api.proofs.keys import make_key
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.tree import leaf_hash, node_hash, root_of
from nzc_api.services import Nzc
from tests.conftest import PEOPLED, Server, fresh_database
from tests.proofs.growing import log_many
from tests.proofs.keys import KEY, with_key
from tests.proofs.witness import Cosigner
from tests.served import Nearby, nearby
from tests.webhooks.receiving import receiving
from tests.world import Caller, World

EXAMPLES = Path(__file__).parents[2] / "examples"

# Two full tiles, a part of a third, and one of the level above.
ENTRIES = 600

PROOF = """query ($position: BigInt!, $size: BigInt) { inclusionProof(position: $position, size: $size) {
    position size leaf leafHash path root checkpoint { size root note isSigned at } openings { name value salt } } }"""
GREW = """query ($from: BigInt!, $to: BigInt) { consistencyProof(fromSize: $from, toSize: $to) {
    fromSize toSize fromRoot toRoot path } }"""


COSIGNED = "{ cosignedCheckpoint { size note cosignatures { witness verifierKey at } } }"


class Grown(NamedTuple):
    """A server whose tree has all of the log."""

    api: Nearby
    world: World
    verifier: str
    size: int
    early: str


@pytest_asyncio.fixture(scope="module")
async def grown(server: Server, people: World) -> AsyncIterator[Grown]:
    async with fresh_database(server, PEOPLED) as database:
        nzc = Nzc.on(Database(database.api_url), log_key=KEY)
        early = await with_key(nzc)
        await log_many(database.superuser_url, ENTRIES)
        late = await with_key(nzc)
        await nzc.database.close()
        async with nearby(database.api_url) as api, api.client() as http:
            world = people.reached_by(http)
            yield Grown(api, world, late.verifier, late.size, early.note)


async def fetch(grown: Grown, path: str) -> Any:
    async with grown.api.client() as http:
        return await http.get(f"/log/{path}")


def run_script(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run an example as an auditor does."""
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


verify = partial(run_script, "verify_log.py")
monitor = partial(run_script, "monitor_log.py")


async def test_the_checkpoint_is_signed(grown: Grown) -> None:
    answer = await fetch(grown, "checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert Verifier.read(grown.verifier).verifies(answer.text)
    assert TreeHead.read(answer.text).size == grown.size


async def test_whoever_mirrors_the_log_proves_it(grown: Grown, tmp_path: Path) -> None:
    address = f"{grown.api.address}/log"
    early = tmp_path / "early.txt"
    early.write_text(grown.early, "utf-8")
    done = await asyncio.to_thread(
        monitor, "mirror", address, "--key", grown.verifier, "--since", early
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"All {grown.size} entries are those of the checkpoint" in done.stdout
    head = TreeHead.read(grown.early)
    early.write_text(replace(head, root=bytes(32)).text, "utf-8")
    done = await asyncio.to_thread(monitor, "mirror", address, "--since", early)
    assert (done.returncode, "does not begin" in done.stderr) == (1, True)


async def test_tiles_are_the_nodes_of_the_tree(grown: Grown) -> None:
    full = (await fetch(grown, "tile/0/000")).content
    part = await fetch(grown, f"tile/0/002.p/{grown.size - 512}")
    above = (await fetch(grown, "tile/1/000.p/2")).content
    assert len(full) == 8192
    second = (await fetch(grown, "tile/0/001")).content
    roots = [root_of([tile[i : i + 32] for i in range(0, 8192, 32)]) for tile in (full, second)]
    assert above == b"".join(roots)
    rest = root_of([part.content[i : i + 32] for i in range(0, len(part.content), 32)])
    root = node_hash(node_hash(*roots), rest)
    assert TreeHead.read((await fetch(grown, "checkpoint")).text).root == root
    bundle = (await fetch(grown, "tile/entries/000")).content
    length = int.from_bytes(bundle[:2])
    assert leaf_hash(bundle[2 : 2 + length]) == full[:32]
    assert part.headers["content-type"] == "application/octet-stream"
    assert "immutable" not in part.headers["cache-control"]
    kept = (await fetch(grown, "tile/0/000")).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("tile/0/002", 404, "TILE_NOT_FOUND"),
        ("tile/0/009", 404, "TILE_NOT_FOUND"),
        ("tile/5/000.p/1", 404, "TILE_NOT_FOUND"),
        ("tile/entries/x001/000.p/1", 404, "TILE_NOT_FOUND"),
        ("tile/0/0", 400, "NOT_A_TILE"),
        ("tile/", 400, "NOT_A_TILE"),
        ("tile/0/000.p/256", 400, "NOT_A_TILE"),
        ("tile/0/x9999/000", 400, "NOT_A_TILE"),
        ("tile/99999999999999999999/000", 400, "NOT_A_TILE"),
        ("tile/0/x999/x999/x999/x999/x999/x999/999", 404, "TILE_NOT_FOUND"),
    ],
)
async def test_tiles_that_there_are_not(grown: Grown, path: str, status: int, code: str) -> None:
    answer = await fetch(grown, path)
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["localizedMessage"].keys() == {"zh", "en"}


async def test_an_entry_is_proven_to_whoever_asks(grown: Grown, tmp_path: Path) -> None:
    proof = (await Caller(grown.world.operator.http).ask(PROOF, position="3"))["inclusionProof"]
    assert proof["openings"] is None
    assert proof["checkpoint"]["isSigned"]
    assert proof["checkpoint"]["root"] == proof["root"]
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof), "utf-8")
    done = verify("proof", file, "--key", grown.verifier)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Entry 3, " in done.stdout
    for bad in _spoilt(proof):
        with pytest.raises((verify_log.Wrong, ValueError)):
            verify_log.verify_proof(bad, grown.verifier)
    stranger = str(Verifier(Verifier.read(grown.verifier).name, bytes(31) + b"\1"))
    with pytest.raises(verify_log.Wrong):
        verify_log.verify_proof(proof, stranger)


def _spoilt(proof: dict[str, Any]) -> list[dict[str, Any]]:
    """A proof with one thing that is not so."""
    leaf = json.loads(proof["leaf"])
    step = base64.b64encode(bytes(32)).decode()
    note = proof["checkpoint"]["note"]
    return [
        proof | {"leaf": proof["leaf"].replace(leaf["kind"], "CREDITS_RETIRED")},
        proof | {"leaf": proof["leaf"].replace('"position":"3"', '"position":"4"')},
        proof | {"path": [step, *proof["path"][1:]]},
        proof | {"path": proof["path"][:-1]},
        proof | {"checkpoint": {"note": note.replace("\n", "\nx", 1)}},
        proof | {"checkpoint": {"note": note.partition("\n\n")[0] + "\n"}},
        proof | {"openings": [{"name": "subject", "value": '"3"', "salt": step}]},
    ]  # fmt: skip


async def test_whoever_may_opens_what_an_entry_says(grown: Grown) -> None:
    for caller in (grown.world.auditor, grown.world.administrator):
        proof = (await caller.ask(PROOF, position="1"))["inclusionProof"]
        said = {o["name"]: json.loads(o["value"]) for o in proof["openings"]}
        assert said["subject"] == "1"
        assert said["body.role"]
        assert verify_log.verify_proof(proof, grown.verifier).startswith("Entry 1, ")
        proof["openings"][0]["value"] = '"2"'
        with pytest.raises(verify_log.Wrong, match="does not say"):
            verify_log.verify_proof(proof, grown.verifier)
    proof = (await grown.world.registry.ask(PROOF, position="1"))["inclusionProof"]
    assert proof["openings"] is None


async def test_the_log_is_proven_to_have_grown(grown: Grown, tmp_path: Path) -> None:
    old, new, file = (tmp_path / name for name in ("old.txt", "new.txt", "proof.json"))
    sizes = {"from": str(TreeHead.read(grown.early).size), "to": str(grown.size)}
    proof = (await grown.world.operator.ask(GREW, **sizes))["consistencyProof"]
    old.write_text(grown.early, "utf-8")
    new.write_text((await fetch(grown, "checkpoint")).text, "utf-8")
    file.write_text(json.dumps(proof), "utf-8")
    done = monitor("grew", old, new, file, "--key", grown.verifier)
    assert (done.returncode, done.stderr) == (0, "")
    notes = grown.early, new.read_text("utf-8")
    for bad in ((*notes, proof | {"path": proof["path"][1:]}), (*notes[::-1], proof)):
        with pytest.raises(verify_log.Wrong):
            monitor_log.verify_grew(*bad, grown.verifier)


async def test_what_the_tree_does_not_have_is_said(grown: Grown) -> None:
    error = await grown.world.operator.fail(PROOF, position=str(grown.size + 1))
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["position"]
    error = await grown.world.operator.fail(GREW, **{"from": "5", "to": "4"})
    assert error["extensions"]["inputPath"] == ["fromSize"]
    asked = await grown.world.operator.ask('{ logCheckpoint(size: "99999") { size } }')
    assert asked == {"logCheckpoint": None}


async def test_witnesses_cosign_what_is_served(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the setting to the file that is checked: a server asks its witnesses by itself."""
    monkeypatch.setattr("nzc_api.app.ASK_SECONDS", 0.1)
    log_key = tmp_path / "log.key"
    make_key(log_key)
    witness = Cosigner()
    async with fresh_database(server, PEOPLED) as database, receiving(path="") as receiver:
        receiver.answering = witness.answer
        settings = {
            "log_key_file": log_key,
            "witnesses": f"{witness.verifier} {receiver.url}",
            "webhook_networks": "127.0.0.0/8",
        }
        async with nearby(database.api_url, **settings) as api, api.client() as http:
            await receiver.has(1)
            while (answer := await http.get("/log/checkpoint/cosigned")).status_code != 200:
                assert answer.json()["errors"][0]["extensions"]["code"] == "CHECKPOINT_NOT_COSIGNED"
                await asyncio.sleep(0.05)
            found = (await Caller(http).ask(COSIGNED))["cosignedCheckpoint"]
            newest = (await http.get("/log/checkpoint")).text
            size = TreeHead.read(answer.text).size
            proof = (await Caller(http).ask(PROOF, position="3", size=str(size)))["inclusionProof"]
    assert found["note"] == newest == answer.text
    assert found["cosignatures"] == [
        {"witness": witness.name, "verifierKey": witness.verifier, "at": "2026-11-18T11:06:40Z"}
    ]
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof), "utf-8")
    assert verify("proof", file, "--witness", witness.verifier).returncode == 0
    done = verify("proof", file, "--witness", Cosigner(seed=8).verifier)
    assert (done.returncode, "not cosigned" in done.stderr) == (1, True)


async def test_a_log_without_entries_has_no_checkpoint(server: Server, template: str) -> None:
    async with (
        fresh_database(server, template) as database,
        nearby(database.api_url) as api,
        api.client() as http,
    ):
        assert (await http.get("/log/checkpoint/cosigned")).status_code == 404
        answer = await http.get("/log/checkpoint")
        assert answer.status_code == 404
        assert answer.json()["errors"][0]["extensions"]["code"] == "NO_CHECKPOINT"
        assert (await http.get("/log/tile/0/000.p/1")).status_code == 404
        found = await Caller(http).ask("{ logCheckpoint { size } }")
        assert found == {"logCheckpoint": None}
