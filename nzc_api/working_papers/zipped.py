"""Evidence as a ZIP in one form alone: files follow one another uncompressed, so that each byte of it counts, and none
can swell. Pure."""

import io
import re
import struct
import zipfile
from collections.abc import Sequence

from nzc_api.retirement_certificates.verifying import NotVerified
from nzc_api.working_papers.model import LONGEST_FILE, PapersFile

# A ZIP has no time before it.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3

# What stands before each file, and how that begins (APPNOTE.TXT of PKWARE, 4.3.7).
_HEADER = struct.Struct("<4s5H3I2H")
_BEGINS = b"PK\x03\x04"

_NAME = re.compile(r"([a-z0-9]+/)?[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST_NAME = 100


def packed(files: Sequence[PapersFile]) -> bytes:
    """The ZIP of files: the same bytes of the same files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, content in files:
            info = zipfile.ZipInfo(name, FIRST_TIME)
            info.create_system = UNIX
            info.external_attr = 0o600 << 16
            made.writestr(info, content)
    return written.getvalue()


def unpacked(content: bytes) -> list[PapersFile]:
    """The files of a ZIP, in order. Raises ``NotVerified``, and names the file that should not be in it, or is not as
    it should be; ``packed`` tells whether there is anything besides."""
    if len(content) > LONGEST_FILE:
        raise NotVerified(
            f"文件超过{LONGEST_FILE}字节，不是证据包",
            f"it has more than {LONGEST_FILE} bytes: no evidence has",
        )
    files: list[PapersFile] = []
    place, names = 0, set[str]()
    while content[place : place + len(_BEGINS)] == _BEGINS:
        file, place = _file(content, place)
        if file.name in names:
            raise NotVerified(f"“{file.name}”在ZIP中出现两次", f"“{file.name}” is in the ZIP twice")
        names.add(file.name)
        files.append(file)
    if not files:
        raise NotVerified("文件不是ZIP", "it is no ZIP")
    return files


def _file(content: bytes, place: int) -> tuple[PapersFile, int]:
    """The file whose header begins at a place, and the place after it."""
    if place + _HEADER.size > len(content):
        raise _cut_off("?")
    header = _HEADER.unpack_from(content, place)
    flags, method, packed_size, size, name_size, more = header[2], header[3], *header[7:]
    start = place + _HEADER.size + name_size
    name = content[start - name_size : start].decode("utf-8", "replace")[:_LONGEST_NAME]
    if name_size > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise NotVerified(
            f"“{name}”不是证据包中文件的名称：其路径可能指向别处",
            f"“{name}” is no name of a file in evidence: it may lead elsewhere",
        )
    if flags or method != zipfile.ZIP_STORED or packed_size != size:
        raise NotVerified(
            f"“{name}”是压缩或加密的，而证据包中的文件都不压缩：解开它可能超出所有存储",
            f"“{name}” is compressed or encrypted, and no file of evidence is: unpacked, it might fill any disk",
        )
    start += more
    if start + size > len(content):
        raise _cut_off(name)
    return PapersFile(name, content[start : start + size]), start + size


def _cut_off(name: str) -> NotVerified:
    return NotVerified(f"ZIP在“{name}”处中断", f"the ZIP is cut off in “{name}”")
