"""The data folder: made where there is none, and held by one NZC at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nzc_api.refusal import Failed


class UnfitFolder(Failed):
    """No data can be kept in the folder; the text says why and what to do."""


class HeldFolder(UnfitFolder):
    """Another NZC is at work with the data in the folder."""


def prepare_folder(folder: Path) -> None:
    """Make the folder, for its user alone, unless it is there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unfit(folder, error.strerror) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unfit(folder, "this user may not write there", "当前用户不能写入")


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; the kernel lets go of it however this process ends."""
    prepare_folder(folder)
    with _open_lock(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldFolder(
                f"已有NZC在使用{folder}中的数据。请先将其停止，或将NZC_DATA_DIR设为其他文件夹、NZC_PORT设为其他端口。",
                f"NZC is running already with the data in {folder}. Stop it first, or set NZC_DATA_DIR "
                "to another folder and NZC_PORT to another port.",
            ) from None
        yield


def _open_lock(folder: Path) -> IO[str]:
    try:
        return (folder / "lock").open("a")
    except OSError as error:
        raise _unfit(folder, error.strerror) from error


def _unfit(folder: Path, reason: str | None, reason_zh: str | None = None) -> UnfitFolder:
    return UnfitFolder(
        f"NZC无法在{folder}中保存数据：{reason_zh or reason}。请将NZC_DATA_DIR设为其他文件夹。",
        f"NZC cannot keep data in {folder}: {reason}. Set NZC_DATA_DIR to another folder.",
    )
