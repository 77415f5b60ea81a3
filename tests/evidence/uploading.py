"""The whole application with a folder for documents, and what uploads and downloads there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from nzc_api.app import create_app
from nzc_api.documents.folder import Folder
from nzc_api.documents.uploads import UploadService
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from tests.world import Caller, World

PDF = "application/pdf"
BILL = b"%PDF-1.7 the bill of January"


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


@asynccontextmanager
async def with_folder(api_url: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, whose documents' bytes lie in a folder."""
    settings = Settings(pool_size=5, requests_per_second=0, documents_folder=folder)
    app = create_app(api_url, settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as client:
            yield client


def headers_of(caller: Caller, **given: str) -> dict[str, str]:
    key = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    return key | given


@dataclass(frozen=True)
class Files:
    """What is uploaded to a world, and downloaded from it."""

    world: World
    folder: Path

    async def upload(
        self, content: Any = BILL, caller: Caller | None = None, **given: str
    ) -> httpx.Response:
        """Upload bytes under their hash, or another that is given."""
        whole = content if isinstance(content, bytes) else b""
        asked = given.pop("sha256", hash_of(whole))
        headers = {"Content-Type": PDF} | {k.replace("_", "-"): v for k, v in given.items()}
        return await self.world.http.post(
            "/documents",
            params={"sha256": asked},
            content=content,
            headers=headers_of(caller or self.world.operator, **headers),
        )

    async def attach(
        self, subject: str, content: bytes = BILL, caller: Caller | None = None, **given: str
    ) -> str:
        """Attach a document of these bytes to something: its id."""
        facts = {
            "attachedTo": subject, "documentKind": "BILL", "fileName": "电费单 \"一月\".pdf", "mediaType": PDF,
            "size": str(len(content)), "sha256": hash_of(content),
        } | given  # fmt: skip
        attacher = caller or self.world.operator
        made: dict[str, str] = await attacher.made("attachDocument", "document { id }", **facts)
        return made["id"]

    async def download(
        self, document: str, caller: Caller | None = None, **given: str
    ) -> httpx.Response:
        headers = headers_of(caller or self.world.operator)
        headers |= {k.replace("_", "-"): v for k, v in given.items()}
        return await self.world.http.get(f"/documents/{document}", headers=headers)

    @property
    def kept(self) -> list[str]:
        """What lies in the folder, whatever of it is whole."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())


def cleaning(nzc: Nzc, folder: Path) -> UploadService:
    return UploadService(nzc.services.log, Folder(folder))
