"""Where the bytes of documents lie: what an object store must do. A folder does it; another may come."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from nzc_api.refusal import Failed


class StoreFailed(Failed):
    """The bytes cannot be written or read; the text says what is told of it."""

    def __init__(
        self,
        zh: str = "存放文件之处暂时不可用，请稍后重试；如持续如此，请联系管理员",
        en: str = "Where files are kept is not to be had for now; try again later, and tell the operator if it "
        "stays so",
    ) -> None:
        super().__init__(zh, en)


class StoreFull(StoreFailed):
    """There is no room for more bytes."""

    def __init__(self) -> None:
        super().__init__(
            "存放文件之处已满，文件未保存：请联系管理员腾出空间后重新上传",
            "Where files are kept is full, and the file was not kept: tell the operator to make room, and upload it "
            "again",
        )


class Arriving(Protocol):
    """Bytes that arrive: nobody finds them before ``keep``, and without it nothing of them stays."""

    async def write(self, part: bytes) -> None: ...

    async def keep(self, sha256: str) -> None:
        """Let all that was written be found by its hash, for good."""


class ObjectStore(Protocol):
    """Bytes by their SHA-256, in hex. All raise ``StoreFailed``."""

    def arriving(self) -> AbstractAsyncContextManager[Arriving]: ...

    def open(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes, part by part; raises before the first where they are not there."""

    async def older(self, than: datetime) -> list[str]:
        """The hashes of what was kept before a moment. What only arrived by then is removed."""

    async def remove(self, hashes: Collection[str]) -> None: ...
