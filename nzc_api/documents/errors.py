"""What the documents room refuses."""

from dataclasses import dataclass

from nzc_api.ids import DocumentId
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class DocumentTooLarge(Refusal):
    """A file of more bytes than a document may have."""

    code = "DOCUMENT_TOO_LARGE"
    malformed = True
    zh = "文件为{size}字节，超过上限{most}字节（50 MB）：请压缩或拆分"
    en = "The file has {size} bytes, more than the {most} (50 MB) that it may have: compress or split it"

    size: int
    most: int


@dataclass(frozen=True, kw_only=True)
class DocumentTypeNotAccepted(Refusal):
    """A media type that is none of a document, or one that can run scripts (SVG, HTML); or a name that ends
    otherwise than its media type does."""

    code = "DOCUMENT_TYPE_NOT_ACCEPTED"
    malformed = True
    most_told = 20
    zh = "不接受类型为“{media_type}”、名称为“{name}”的文件；可用的类型：{accepted}，且文件名的扩展名须与类型相符"
    en = (
        "A file of the type “{media_type}” called “{name}” is not accepted; accepted are: {accepted}, with a name "
        "that ends as its type does"
    )

    media_type: str
    name: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DocumentAlreadyAttached(Refusal):
    """A file with the same bytes is attached to the same thing."""

    code = "DOCUMENT_ALREADY_ATTACHED"
    zh = "该文件（SHA-256为{sha256}）已附于此处"
    en = "The file with the SHA-256 {sha256} is attached here already"

    sha256: str
    document_id: DocumentId
