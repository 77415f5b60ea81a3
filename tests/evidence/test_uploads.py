"""The bytes of documents: handed in whole under their hash, and served to who sees the document, and only as a file."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from time import sleep
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.documents import upload_rules
from nzc_api.documents.folder import Folder
from nzc_api.overload import Overloaded
from nzc_api.services import Nzc
from nzc_api.transport import documents
from tests.conftest import PEOPLED, Server, TestDatabase, fresh_database
from tests.evidence.uploading import BILL, PDF, Files, cleaning, hash_of, with_folder
from tests.served import told
from tests.targets.stating import stated
from tests.world import World

MOST = 50_000_000


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, people: World) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, PEOPLED) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def all_files(
    database: TestDatabase, people: World, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Files]:
    folder = tmp_path_factory.mktemp("documents") / "made when it is needed"
    async with with_folder(database.api_url, folder) as http:
        yield Files(people.reached_by(http), folder)


@pytest.fixture
def files(all_files: Files) -> Files:
    return all_files


@pytest.fixture
def world(files: Files) -> World:
    return files.world


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The facts of the one error that a request was refused with."""
    assert response.status_code == status, response.text
    [error] = response.json()["errors"]
    return dict(told(error, code))


async def kept(world: World, document: str) -> Any:
    query = "query ($id: ID!) { node(id: $id) { ... on Document { bytesKept } } }"
    return (await world.operator.ask(query, id=document))["node"]["bytesKept"]


async def test_what_is_uploaded_and_attached_is_served(files: Files, world: World) -> None:
    uploaded = await files.upload()
    assert uploaded.status_code == 201
    assert uploaded.json() == {
        "sha256": hash_of(BILL), "size": str(len(BILL)), "attachBefore": uploaded.json()["attachBefore"],
    }  # fmt: skip
    assert hash_of(BILL) in files.kept
    pilot = await world.pilot()
    document = await files.attach(pilot["id"])
    assert await kept(world, document) is True
    served = await files.download(document)
    assert (served.status_code, served.content) == (200, BILL)
    shown = {name: served.headers[name] for name in (
        "content-type", "content-length", "content-disposition", "x-content-type-options",
        "content-security-policy", "etag", "cache-control",
    )}  # fmt: skip
    assert shown == {
        "content-type": PDF,
        "content-length": str(len(BILL)),
        "content-disposition": 'attachment; filename="___ ____.pdf"; '
        "filename*=UTF-8''%E7%94%B5%E8%B4%B9%E5%8D%95%20%22%E4%B8%80%E6%9C%88%22.pdf",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": f'"{hash_of(BILL)}"',
        "cache-control": "private, no-cache",
    }
    for tag in (shown["etag"], f"W/{shown['etag']}", f'"another", {shown["etag"]}', "*"):
        again = await files.download(document, If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b"")
    assert (await files.download(document, If_None_Match='"another"')).content == BILL


async def test_bytes_may_come_after_the_document(files: Files, world: World) -> None:
    content = b"a calculation"
    document = await files.attach((await world.pilot())["id"], content)
    assert await kept(world, document) is False
    error = await files.download(document)
    refused(error, 404, "DOCUMENT_BYTES_NOT_KEPT")
    await files.upload(content)
    assert await kept(world, document) is True
    assert (await files.download(document)).content == content


async def test_a_hash_alone_gets_nobody_the_bytes_of_another(files: Files, world: World) -> None:
    """Whoever sees a document sees its hash: who attaches that elsewhere does not get the file."""
    secret = b"the contract of one operator"
    await files.upload(secret)
    theirs = await world.administrator.made(
        "registerPilot", "pilot { id }", **_pilot_of(world.other_operator.organisation)
    )
    document = await files.attach(theirs["id"], secret, world.other_operator)
    refused(await files.download(document, world.other_operator), 404, "DOCUMENT_BYTES_NOT_KEPT")
    await files.upload(secret, world.other_operator)
    assert (await files.download(document, world.other_operator)).content == secret


def _pilot_of(operator: str) -> dict[str, Any]:
    return {
        "code": "FILES-OTHER", "variant": "BUILDING_EXISTING", "name": {"zh": "某楼", "en": "Some building"},
        "applicantKind": "BUILDING_OPERATOR", "applicantName": {"zh": "某公司", "en": "Some company"},
        "administrativeDivision": "440300", "establishment": "EXISTING", "operationStartsOn": "2015-01-01",
        "operator": operator,
        "accountingPeriods": [{"startsOn": "2022-01-01", "endsOn": "2022-12-31"}],
    }  # fmt: skip


async def test_bytes_are_served_where_the_document_is_seen(files: Files, world: World) -> None:
    """A draft's to its operator and verifiers; a verified line's to who sees lines, and to nobody else."""
    content = b"of a line"
    await files.upload(content)
    inventory = await world.inventory(await world.pilot(), 2022)
    of_draft = await files.attach(inventory, content)
    public = await stated(world, await world.pilot(), 2022, "5")
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id } } } } }"
    [line] = (await world.operator.ask(query, id=public))["node"]["emissionSources"]["nodes"]
    of_line = await files.attach(line["id"], content)
    seen = {
        of_draft: (world.operator, world.verifier),
        of_line: (world.operator, world.verifier, world.auditor, world.regulator),
    }
    for document, callers in seen.items():
        for caller in (*callers, world.auditor, world.anyone, world.other_operator, world.holder):
            answer = await files.download(document, caller)
            if caller in callers:
                assert answer.content == content
            else:
                refused(answer, 404, "NOT_FOUND")


@pytest.mark.parametrize("what", ["not-an-id", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a.pdf"])
async def test_what_is_no_document_is_not_found(files: Files, what: str) -> None:
    answer = await files.download(what)
    assert answer.status_code in {400, 404}
    assert not answer.content.startswith(b"root:")


async def test_other_things_have_no_bytes(files: Files, world: World) -> None:
    refused(await files.download((await world.pilot())["id"]), 404, "NOT_FOUND")


async def test_an_unknown_key_is_told_so(files: Files, world: World) -> None:
    document = await files.attach((await world.pilot())["id"], b"x")
    answer = await world.http.get(
        f"/documents/{document}", headers={"Authorization": "Bearer nobody's"}
    )
    refused(answer, 401, "UNAUTHENTICATED")


async def test_only_who_attaches_uploads(files: Files, world: World) -> None:
    before = files.kept
    refused(await files.upload(b"mine", world.anyone), 401, "UNAUTHENTICATED")
    for caller in (world.auditor, world.registry, world.administrator):
        refused(await files.upload(b"mine", caller), 403, "FORBIDDEN")
    assert files.kept == before


BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "a hash that is none": ({"sha256": "no"}, 400, "INVALID_INPUT", "sha256"),
    "no hash": ({"sha256": ""}, 400, "INVALID_INPUT", "sha256"),
    "a hash of nothing": ({"content": b""}, 400, "INVALID_INPUT", "sha256"),
    "nothing": ({"content": b"", "sha256": hash_of(b"b")}, 400, "INVALID_INPUT", "sha256"),
    "bytes of another hash": ({"sha256": hash_of(b"b")}, 400, "INVALID_INPUT", "sha256"),
    "a path": ({"sha256": "../../../etc/passwd"}, 400, "INVALID_INPUT", "sha256"),
    "51 MB": ({"Content_Length": "51000000"}, 413, "DOCUMENT_TOO_LARGE", "body"),
    "an SVG": ({"Content_Type": "image/svg+xml"}, 415, "DOCUMENT_TYPE_NOT_ACCEPTED", "Content-Type"),
    "a page": ({"Content_Type": "text/html; charset=utf-8"}, 415, "DOCUMENT_TYPE_NOT_ACCEPTED", "Content-Type"),
    "a form": ({"Content_Type": "multipart/form-data; boundary=x"}, 415, "DOCUMENT_TYPE_NOT_ACCEPTED",
               "Content-Type"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_what_is_refused(files: Files, what: str) -> None:
    given, status, code, field = BAD[what]
    before = files.kept
    facts = refused(await files.upload(**given), status, code)
    assert facts["inputPath"] == [field]
    assert files.kept == before, "nothing of it stays"


async def test_a_byte_too_many_is_refused_as_it_arrives(files: Files) -> None:
    """Where no head says how much comes, no more than that is read."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1_000_001
            yield b"0" * 1_000_001

    before = files.kept
    refused(await files.upload(endless(), sha256=hash_of(b"0")), 413, "DOCUMENT_TOO_LARGE")
    assert read < MOST + 3_000_000
    assert files.kept == before


async def test_exactly_50_mb_are_kept(files: Files) -> None:
    content = b"\0" * MOST
    assert (await files.upload(content)).json()["size"] == str(MOST)
    (files.folder / hash_of(content)[:2] / hash_of(content)).unlink()


async def test_the_same_bytes_twice_are_kept_once(files: Files) -> None:
    first, second = await files.upload(b"twice"), await files.upload(b"twice")
    assert second.json() == first.json()
    assert files.kept.count(hash_of(b"twice")) == 1


async def test_the_size_is_that_of_the_bytes(files: Files, world: World) -> None:
    await files.upload(b"12345")
    facts = {
        "attachedTo": (await world.pilot())["id"], "documentKind": "BILL", "fileName": "a.pdf",
        "mediaType": PDF, "size": "6", "sha256": hash_of(b"12345"),
    }  # fmt: skip
    error = await world.operator.refused("attachDocument", **facts)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "size"])


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        (errno.ENOSPC, 507, "DOCUMENTS_FULL"),
        (errno.EDQUOT, 507, "DOCUMENTS_FULL"),
        (errno.EIO, 503, "DOCUMENTS_UNAVAILABLE"),
    ],
)
@pytest.mark.parametrize("where", ["write", "fsync"])
async def test_a_disk_that_fails(
    files: Files, monkeypatch: pytest.MonkeyPatch, number: int, status: int, code: str, where: str
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(number, os.strerror(number))

    before = files.kept
    monkeypatch.setattr(os, where, fail)
    refused(await files.upload(b"no room for me"), status, code)
    monkeypatch.undo()
    assert files.kept == before
    assert (await files.upload(b"no room for me")).status_code == 201


async def test_bytes_that_the_folder_lost(files: Files, world: World) -> None:
    await files.upload(b"lost")
    document = await files.attach((await world.pilot())["id"], b"lost")
    (files.folder / hash_of(b"lost")[:2] / hash_of(b"lost")).unlink()
    refused(await files.download(document), 503, "DOCUMENTS_UNAVAILABLE")


class SlowFile:
    """A file that takes a while to read."""

    is_read = False
    closed_while_read: bool | None = None

    def read(self, _most: int) -> bytes:
        self.is_read = True
        sleep(0.2)
        self.is_read = False
        return b""

    def close(self) -> None:
        self.closed_while_read = self.is_read


async def test_a_file_is_closed_when_it_is_read_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hangs up is cancelled again and again until it has ended."""
    file = SlowFile()
    monkeypatch.setattr(Path, "open", lambda *_, **__: file)
    parts = Folder(tmp_path).open(hash_of(b"slow"))
    reading = asyncio.ensure_future(anext(parts))
    await asyncio.sleep(0.05)
    while not reading.done():
        reading.cancel()
        await asyncio.sleep(0.01)
    assert reading.cancelled()
    assert file.closed_while_read is False


def test_one_organisation_uploads_two_at_once() -> None:
    at_once = documents.AtOnce(3, 2)
    with at_once.one("a"), at_once.one("a"):
        with pytest.raises(Overloaded), at_once.one("a"):
            pass
        with (
            at_once.one("b"),
            pytest.raises(Overloaded),
            at_once.one("c"),
        ):
            pass
    with at_once.one("a"):
        pass


async def test_who_reads_slowly_leaves_room_for_others(
    files: Files, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those without a key are one, by their address; an organisation is another."""
    content = b"read slowly by those without a key"
    await files.upload(content)
    document = await files.attach((await world.pilot())["id"], content)
    more = asyncio.Event()

    async def slowly(folder: Folder, sha256: str) -> AsyncIterator[bytes]:
        yield content
        await more.wait()

    monkeypatch.setattr(Folder, "open", slowly)
    many = documents.MOST_DOWNLOADS_OF_ONE
    under_way = [
        asyncio.create_task(files.download(document, world.anyone)) for _ in range(many + 1)
    ]
    async with asyncio.timeout(10):
        [told_at_once], _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        refused(told_at_once.result(), 503, "TRY_AGAIN")
        last = asyncio.create_task(files.download(document))
        await asyncio.sleep(0.2)
        assert not last.done()
        more.set()
        assert (await last).content == content
        await asyncio.gather(*under_way)


async def test_so_many_wait_to_be_attached(
    files: Files, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_rules, "MOST_UNATTACHED", 1)
    await files.upload(b"waits")
    refused(await files.upload(b"one more"), 429, "TOO_MANY_UPLOADS")


async def test_what_is_attached_to_nothing_is_deleted_in_time(
    server: Server, people: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        fresh_database(server, PEOPLED) as database,
        with_folder(database.api_url, tmp_path) as http,
        Nzc.on(Database(database.api_url, pool_size=2)).running() as nzc,
    ):
        files = Files(people.reached_by(http), tmp_path)
        for content in (b"attached", b"waits", b"young"):
            await files.upload(content)
        document = await files.attach((await files.world.pilot())["id"], b"attached")
        (tmp_path / "incoming" / "cut-off").write_bytes(b"half of")
        (tmp_path / "00").mkdir(exist_ok=True)
        (tmp_path / "00" / f"00{'1' * 62}").write_bytes(b"kept, and then nobody wrote so")
        await _age(database, tmp_path, but=hash_of(b"young"))
        await cleaning(nzc, tmp_path).clean()
        assert files.kept == sorted(map(hash_of, (b"attached", b"young")))
        assert (await files.download(document)).content == b"attached"
        connection = await asyncpg.connect(database.superuser_url)
        left = await connection.fetch("SELECT sha256 FROM upload")
        await connection.close()
        assert {row["sha256"] for row in left} == {hash_of(b"attached"), hash_of(b"young")}


async def _age(database: TestDatabase, folder: Path, but: str) -> None:
    """Let two days pass for all but one file."""
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        "UPDATE upload SET received_at = received_at - interval '2 days' WHERE sha256 <> $1", but
    )
    await connection.close()
    await asyncio.to_thread(_age_files, folder, but)


def _age_files(folder: Path, but: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.name != but:
            then = path.stat().st_mtime - 2 * 24 * 3600
            os.utime(path, (then, then))
