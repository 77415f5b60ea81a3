"""What an upload must be. Pure."""

from datetime import timedelta

from nzc_api.documents.errors import DocumentTooLarge, DocumentTypeNotAccepted
from nzc_api.documents.model import NewUpload
from nzc_api.documents.rules import MEDIA_TYPES, MOST_BYTES, check_hash
from nzc_api.refusal import NOTHING, Failed, InvalidInput, Refusal

# How long a file waits to be attached to something; then it is deleted.
KEPT_UNATTACHED = timedelta(hours=24)

# How many files of one organisation wait so.
MOST_UNATTACHED = 200

_HOURS = KEPT_UNATTACHED // timedelta(hours=1)

# What the body of an upload may call itself: nothing that a browser would run.
BODY_TYPES = ("application/octet-stream", *MEDIA_TYPES)


class TooManyUploads(Failed):
    """As many files of an organisation wait to be attached as may."""

    def __init__(self) -> None:
        super().__init__(
            f"已有{MOST_UNATTACHED}个上传的文件尚未附于任何对象，达到上限：请先用attachDocument附上，未附上的在{_HOURS}小时后删除",
            f"{MOST_UNATTACHED} uploaded files are attached to nothing yet, which is the most: attach them first "
            f"(attachDocument); what is not attached is deleted after {_HOURS} hours",
        )


def check_upload(given: NewUpload) -> Refusal | None:
    """Whether a file may be uploaded, as far as its head says."""
    return (
        check_hash(given.sha256)
        or check_body_type(given.media_type)
        or check_body_size(given.size or 0)
    )


def check_body_type(media_type: str) -> Refusal | None:
    if media_type in BODY_TYPES:
        return None
    return DocumentTypeNotAccepted(
        path=("Content-Type",), media_type=media_type[:80], name=NOTHING, accepted=BODY_TYPES
    )


def check_body_size(size: int) -> Refusal | None:
    """Whether a file may have so many bytes, which may be those that arrived so far."""
    if size <= MOST_BYTES:
        return None
    return DocumentTooLarge(path=("body",), size=size, most=MOST_BYTES)


def check_bytes(sha256: str, arrived: str, size: int) -> Refusal | None:
    """Whether the bytes that arrived are those of the hash; ``arrived`` is theirs."""
    if sha256 == arrived:
        return None
    return InvalidInput(
        path=("sha256",),
        value=sha256,
        expected_zh=f"收到的{size}字节的SHA-256是{arrived}：请核对文件后重新上传",
        expected_en=f"the {size} bytes that arrived have the SHA-256 {arrived}: check the file, and upload it again",
    )


def check_unattached(unattached: int) -> None:
    """Raise ``TooManyUploads`` where so many files of an organisation wait that it may upload no more."""
    if unattached >= MOST_UNATTACHED:
        raise TooManyUploads
