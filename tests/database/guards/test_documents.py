"""Documents and what they are attached to."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.good_rows import new


def attached(**changes: str) -> str:
    """A document that is attached to its subject."""
    given = {name: changes[name] for name in ("subject_id", "sha256") if name in changes}
    return f"{new('document', **changes)}; {new('attachment', **given)}"


# What the log says of the document of ``GOOD_ROWS``.
DOCUMENT_SAID = f"""'{{"pilot": $aimed, "subject": $aimed, "subject_kind": "Pilot", "kind": "BILL",
    "media_type": "application/pdf", "size": 7, "sha256": "{"b" * 64}"}}'::jsonb"""

EVIDENCE = (
    Attack("a document of no pilot", "document_pilot_id_fkey", attached(pilot_id="$nobody")),
    Attack("a document of what comes later", "document_subject_check", attached(subject_id="$p2")),
    Attack("a document of no kind", "document_kind_check", attached(kind="'RUMOUR'")),
    *(Attack(f"a document called {name}", "document_name_check", attached(name=name))
      for name in ("''", "'a/b.pdf'", r"'a\b.pdf'", "repeat('a', 201)")),
    Attack("a document of no type", "document_media_type_check", attached(media_type="'pdf'")),
    *(Attack(f"a document of {size} bytes", "document_size_check", attached(size=size))
      for size in ("0", "50000001")),
    *(Attack(f"a document with the hash {sha256}", "document_sha256_check", attached(sha256=sha256))
      for sha256 in ("''", "repeat('B', 64)", "repeat('b', 63)")),
    Attack("a document of another pilot's thing", "document_of_its_pilot",
           attached(subject_id="$alone")),
    *(Attack(f"a document of no {kind}", "document_of_its_pilot", attached(subject_kind=f"'{kind}'"))
      for kind in (
          "Inventory", "Target", "EmissionSource", "Sink", "Project", "Plan", "Measure", "Financing", "Post", "Duty",
          "ManagementRule", "Upkeep", "Evaluation", "EvaluationFinding",
      )),
    Attack("a source's document that is a sink's", "document_of_its_pilot",
           attached(pilot_id="(SELECT pilot_id FROM inventory WHERE id = $draft)",
                    subject_id="$line", subject_kind="'Sink'")),
    Attack("a document that is attached to nothing", "document_is_attached", new("document")),
    Attack("a document that the log does not know", "document_is_as_logged", attached()),
    Attack("an attachment of no document", "attachment_document_id_sha256_fkey",
           new("attachment", document_id="$nobody")),
    Attack("an attachment of other bytes", "attachment_document_id_sha256_fkey",
           new("attachment", document_id="$document", subject_id="$p")),
    Attack("the same bytes twice on one thing", "attachment_subject_id_sha256_key",
           attached(sha256="repeat('a', 64)")),
    Attack("a document attached later to something else", "attachment_comes_with",
           new("attachment", document_id="$document", subject_id="$alone",
               sha256="repeat('a', 64)")),
    Attack("a document that comes along to a line from nowhere", "attachment_comes_with",
           new("inventory_line") + "; " + new(
               "attachment", document_id="$document", subject_id="$p", sha256="repeat('a', 64)")),
)  # fmt: skip


@cases(EVIDENCE)
async def test_evidence(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


UPLOADS = (
    Attack("an upload of nobody", "upload_organisation_id_fkey", new("upload", organisation_id="$nobody")),
    *(Attack(f"an upload of {size} bytes", "upload_size_check", new("upload", size=size))
      for size in ("0", "50000001")),
    *(Attack(f"an upload with the hash {sha256}", "upload_sha256_check", new("upload", sha256=sha256))
      for sha256 in ("''", "repeat('B', 64)", "'../passwd'")),
    Attack("the bytes of what is attached forgotten", "attached_bytes_stay",
           "DELETE FROM upload WHERE sha256 = repeat('a', 64)"),
)  # fmt: skip


@cases(UPLOADS)
async def test_uploads(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "what is attached to nothing forgotten": [new("upload"), "DELETE FROM upload WHERE sha256 = repeat('b', 64)"],
    "a document attached": [attached()],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "a document attached": entries(4, kind="DOCUMENT_ATTACHED", body=DOCUMENT_SAID),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
