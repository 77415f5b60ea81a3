"""What is signed of evidence: each of its files by its hash, and what all of it is of. Pure."""

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from nzc_api.proofs.leaf import canonical
from nzc_api.proofs.notes import Signer
from nzc_api.working_papers.model import FORM, MANIFEST, NOTE, PapersAbout, PapersFile


def name_of(origin: str) -> str:
    """The name under which a log's key signs evidence: another one, so that none is taken for a checkpoint, or for a
    certificate."""
    return f"{origin}/evidence"


def sealed(
    about: PapersAbout, origin: str, files: Sequence[PapersFile], signer: Signer | None
) -> tuple[PapersFile, PapersFile]:
    """The manifest of files, and the note that commits to it, signed where there is a key."""
    manifest = _written(
        {
            "form": FORM,
            "log": origin,
            "key": None if signer is None else str(signer.verifier),
            "pilot": about.pilot,
            "year": str(about.year),
            "period": {"from": about.starts_on, "to": about.ends_on, "certificate": about.number},
            "asOf": str(about.position),
            "compared": [str(position) for position in about.compared],
            "files": [
                {"name": file.name, "size": str(len(file.content)), "sha256": sha256(file.content).hexdigest()}
                for file in files
            ],
        }
    )  # fmt: skip
    text = note_text(origin, about.number, str(about.position), manifest)
    note = text if signer is None else Signer(name_of(origin), signer.key).sign(text)
    return PapersFile(MANIFEST, manifest), PapersFile(NOTE, note.encode())


def note_text(origin: str, number: str, position: str, manifest: bytes) -> str:
    """What is signed: by which log, of which accounting period and position, and the manifest's hash."""
    digest = base64.b64encode(sha256(manifest).digest()).decode()
    return "".join(f"{line}\n" for line in (name_of(origin), number, position, digest))


def _written(manifest: Mapping[str, Any]) -> bytes:
    return canonical(manifest).encode() + b"\n"
