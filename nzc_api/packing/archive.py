"""A ZIP that is the same bytes for the same parts, and a manifest of them in its end."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nzc_api.refusal import LocalizedText

# A ZIP has no time before it.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A part as it is in the ZIP."""

    path: str
    sha256: str
    size: int


@dataclass(slots=True)
class Archive:
    """A ZIP that is written, part by part."""

    zip: zipfile.ZipFile
    entries: list[Entry] = field(default_factory=list)
    missing: list[tuple[str, LocalizedText]] = field(default_factory=list)

    def add(self, path: str, content: bytes) -> None:
        self.add_parts(path, [content], zipfile.ZIP_DEFLATED)

    def add_json(self, path: str, content: Any) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        self.add(path, f"{text}\n".encode())

    def add_parts(
        self, path: str, parts: Iterable[bytes], compression: int = zipfile.ZIP_STORED
    ) -> Entry:
        """Write bytes as they come: no more of them is held than one."""
        info = zipfile.ZipInfo(path, FIRST_TIME)
        info.compress_type = compression
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        entry = Entry(path, digest.hexdigest(), size)
        self.entries.append(entry)
        return entry

    def lack(self, part: str, zh: str, en: str) -> None:
        """Say that a part is not there, and why."""
        self.missing.append((part, LocalizedText(zh, en)))

    def close(self, about: dict[str, Any]) -> None:
        """Write the manifest: what the pack is ``about``, its parts, and what is missing."""
        manifest = about | {
            "complete": not self.missing,
            "parts": [
                {"path": of.path, "sha256": of.sha256, "size": of.size} for of in self.entries
            ],
            "missing": [
                {"part": part, "why": {"zh": why.zh, "en": why.en}} for part, why in self.missing
            ],
        }
        self.add_json(MANIFEST, manifest)


@contextmanager
def archived(file: Path) -> Iterator[Archive]:
    """An archive at ``file``, which is there whole or not at all."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w") as made:
            yield Archive(made)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
