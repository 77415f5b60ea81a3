"""What a document must be. Pure."""

import re
from collections.abc import Mapping
from typing import Protocol

from nzc_api.documents.errors import DocumentTooLarge, DocumentTypeNotAccepted
from nzc_api.documents.model import Upload
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem

# 50 MB.
MOST_BYTES = 50_000_000

# What is accepted, and how its names end. Nothing that a browser would run: no SVG, no HTML.
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "application/ofd": ("ofd",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/tiff": ("tif", "tiff"),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
    "application/json": ("json",),
    "application/zip": ("zip",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
}

SHA256 = re.compile(r"[0-9a-f]{64}")

# The SHA-256 of no bytes at all: a file that was never read.
_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class DocumentFile(Protocol):
    """What is said of a file, whatever it is evidence of."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def check_document(file: DocumentFile) -> Refusal | None:
    """Whether a file may be a document."""
    return (
        _check_name(file.name)
        or _check_type(file)
        or _check_size(file.size)
        or check_hash(file.sha256)
    )


def _check_name(name: str) -> Refusal | None:
    problem = name_problem(name, "file_name")
    if problem is not None or not re.search(r"[/\\:]|^\.|\.\.", name):
        return problem
    return InvalidInput(
        path=("file_name",),
        value=name[:80],
        expected_zh="文件本身的名称，不含路径（/、\\、:、..），不以点开头",
        expected_en="the file's own name, without a path (/, \\, :, ..), that does not begin with a dot",
    )


def _check_type(file: DocumentFile) -> Refusal | None:
    ending = file.name.rpartition(".")[2].lower()
    if ending in MEDIA_TYPES.get(file.media_type, ()):
        return None
    return DocumentTypeNotAccepted(
        path=("media_type",),
        media_type=file.media_type[:80],
        name=file.name,
        accepted=tuple(MEDIA_TYPES),
    )


def _check_size(size: int) -> Refusal | None:
    if size > MOST_BYTES:
        return DocumentTooLarge(path=("size",), size=size, most=MOST_BYTES)
    if size > 0:
        return None
    return InvalidInput(
        path=("size",),
        value=str(size),
        expected_zh=f"1至{MOST_BYTES}字节",
        expected_en=f"1 to {MOST_BYTES} bytes",
    )


def check_hash(sha256: str) -> Refusal | None:
    """Whether it is the SHA-256 of a file that is not empty."""
    if SHA256.fullmatch(sha256) and sha256 != _OF_NOTHING:
        return None
    return InvalidInput(
        path=("sha256",),
        value=sha256[:80],
        expected_zh="文件内容的SHA-256，64个小写十六进制数字，非空文件的",
        expected_en="the SHA-256 of the file's bytes, 64 hexadecimal digits in lower case, of a file that is not empty",
    )


def check_size_of(upload: Upload | None, size: int) -> Refusal | None:
    """Whether a document has as many bytes as were uploaded for it, if they were."""
    if upload is None or upload.size == size:
        return None
    return InvalidInput(
        path=("size",),
        value=str(size),
        expected_zh=f"所上传的该文件的大小：{upload.size}字节",
        expected_en=f"the size of that file as it was uploaded, {upload.size} bytes",
    )
