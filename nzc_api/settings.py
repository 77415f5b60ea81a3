"""What the environment decides: every setting that NZC has, each an ``NZC_…`` variable."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from nzc_api.database.engine import COMMIT_SECONDS
from nzc_api.observing.log import LogFormat, LogLevel
from nzc_api.pilots.sites import SAME_SITE_METRES
from nzc_api.transport.proxies import PREFIX, Network


def _well_formed(url: str) -> str:
    """The URL itself; raises ``ValueError`` where what it is made of cannot be told."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        for host in parts.netloc.rpartition("@")[2].split(","):
            _ = urlsplit(f"//{host}").port
        for ports in query.get("port", ()):
            _ = [int(port) for port in ports.split(",")]
    except ValueError as error:
        raise ValueError(
            "a URL is like postgresql://login:password@host:5432/database, with special characters as "
            "%40 and the like 网址形如postgresql://login:password@host:5432/database，特殊字符写作%40等"
        ) from error
    return url


def _parts(given: object) -> object:
    """The parts of a text that are separated by commas."""
    if not isinstance(given, str):
        return given
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _exact_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    """The origins as browsers write them; raises ``ValueError`` where one is none."""
    if not origins:
        return origins
    # A fifth of what a command loads, which few need.
    from strawberry.http.websocket_origin import normalize_allowed_origins  # noqa: PLC0415

    if "*" in origins and len(origins) > 1:
        raise ValueError("* stands for all origins, and alone *代表所有来源，须单独使用")
    try:
        return tuple(sorted(normalize_allowed_origins(origins)))
    except ValueError as error:
        raise ValueError(
            f"{', '.join(origins)}: an origin is like https://example.com:8443, without a path "
            "来源形如https://example.com:8443，不带路径"
        ) from error


def _network(given: object) -> object:
    try:
        return ip_network(str(given))
    except ValueError as error:
        raise ValueError(
            f"{given}: an address or a network is like 10.0.0.5, 10.0.0.0/8 or fd00::/8 "
            "地址或网段形如10.0.0.5、10.0.0.0/8、fd00::/8"
        ) from error


def _networks(given: object) -> object:
    parts = _parts(given)
    return tuple(map(_network, parts)) if isinstance(parts, tuple) else parts


def _path_prefix(given: str) -> str:
    prefix = given.rstrip("/")
    if prefix and not PREFIX.fullmatch(prefix):
        raise ValueError(f"{given}: a path is like /nzc 路径形如/nzc")
    return prefix


def _known_witnesses(witnesses: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """The witnesses themselves; raises ``ValueError`` where one is none, or there are too many, or the log has no
    key."""
    if not witnesses:
        return witnesses
    # They load what signs and what posts, which few commands need.
    from nzc_api.proofs.notes import Malformed  # noqa: PLC0415
    from nzc_api.proofs.witnesses import MOST_WITNESSES, Witness  # noqa: PLC0415

    if info.data.get("log_key_file") is None:
        raise ValueError(
            "witnesses cosign what the log signs: set NZC_LOG_KEY_FILE, too "
            "见证方只对日志已签名的检查点联署：请同时设置NZC_LOG_KEY_FILE"
        )
    for text in witnesses:
        try:
            Witness.read(text)
        except Malformed as error:
            raise ValueError(
                f"{text}: a witness is its verifier key of cosignatures and its URL, like "
                "w.example+0123abcd+BAbC= https://w.example/submit "
                "见证方为其联署验证公钥与网址，形如w.example+0123abcd+BAbC= https://w.example/submit"
            ) from error
    if len(witnesses) > MOST_WITNESSES or len({text.split()[0] for text in witnesses}) < len(
        witnesses
    ):
        raise ValueError(
            f"at most {MOST_WITNESSES} witnesses, each once 最多{MOST_WITNESSES}个见证方，每个一次"
        )
    return witnesses


Witnesses = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_parts), AfterValidator(_known_witnesses)
]
Origins = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_parts), AfterValidator(_exact_origins)
]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]


def _public_url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"{given}: a URL is like https://nzc.example/nzc 网址形如https://nzc.example/nzc"
        )
    return given.rstrip("/")


PublicUrl = Annotated[str, AfterValidator(_public_url)]

PostgresUrl = Annotated[str, Field(pattern=r"^postgres(ql)?://"), AfterValidator(_well_formed)]


THIS_MACHINE: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def default_data_dir() -> Path:
    """The user's own data folder; root, whose home others may not enter, gets /var/lib/nzc."""
    return Path("/var/lib/nzc") if os.geteuid() == 0 else user_data_path("nzc")


class Settings(BaseSettings):
    """NZC's settings, read from ``NZC_`` variables of the environment."""

    model_config = SettingsConfigDict(env_prefix="NZC_", env_ignore_empty=True, frozen=True)

    database_url: PostgresUrl | None = Field(
        None,
        description="The PostgreSQL (15 to 18) that the API serves from. Unset: the embedded one.",
    )
    migration_database_url: PostgresUrl | None = Field(
        None,
        description="The same database as its owner, for `nzc migrate`. Unset: NZC_DATABASE_URL.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Where the embedded PostgreSQL and the demo's keys are kept.",
    )
    documents_folder: Path | None = Field(
        None,
        description="Where the bytes of documents are kept, the same for all processes. Unset: `documents` in "
        "NZC_DATA_DIR.",
    )
    log_key_file: Path | None = Field(
        None,
        description="The key that checkpoints of the log are signed with, the same for all processes, as `nzc log key` "
        "makes it. Unset: they are not signed.",
    )
    witnesses: Witnesses = Field(
        (),
        description="Witnesses that are asked to cosign checkpoints of the log, separated by commas: each its verifier "
        "key, a space and its URL.",
    )
    host: str = Field("127.0.0.1", description="The address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port; 0 takes any free one.")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections a process keeps.")
    processes: int = Field(
        1, ge=1, le=64, description="Processes that `nzc serve` answers from, each with its pool."
    )
    commit_wait_seconds: float = Field(
        COMMIT_SECONDS,
        gt=0,
        le=600,
        description="How long a commit is waited for, in seconds, where a synchronous standby is away.",
    )
    same_site_metres: int = Field(
        SAME_SITE_METRES,
        ge=0,
        le=10_000,
        description="Within how many metres coordinates are those of one site.",
    )
    two_persons_above: int | None = Field(
        None,
        ge=0,
        description="Corrections and invalidations of more tonnes than these take two persons. Unset: "
        "one may order any.",
    )
    operation_seconds: float = Field(
        10, gt=0, le=600, description="How long an operation may take, in seconds; then it ends."
    )
    dear_operations: int = Field(
        4, ge=1, le=64, description="Dear operations that a process executes at once."
    )
    dear_operations_waiting: int = Field(
        64, ge=0, le=10_000, description="Dear operations that may wait for their turn."
    )
    requests_per_second: float = Field(
        200,
        ge=0,
        description="Requests of one key, or of an address without one, in the long run; 0: any.",
    )
    kept_answers_megabytes: int = Field(
        32,
        ge=0,
        le=4096,
        description="Answers to queries by GET that a process keeps, in megabytes; 0: none.",
    )
    subscriptions: int = Field(
        1_000, ge=0, le=100_000, description="Subscriptions that a process serves at once."
    )
    subscriptions_of_one: int = Field(
        200, ge=0, le=100_000, description="Of these, how many of one key or address."
    )
    allowed_origins: Origins = Field(
        (),
        description="Origins whose pages may ask from a browser, separated by commas; * for all, "
        "without credentials.",
    )
    trusted_proxies: Networks = Field(
        (),
        description="Addresses and networks of the proxies whose word is taken for who asks, "
        "separated by commas.",
    )
    path_prefix: Annotated[str, AfterValidator(_path_prefix)] = Field(
        "", description="The path that a proxy serves NZC under, such as /nzc."
    )

    public_url: PublicUrl | None = Field(
        None,
        description="Where NZC is reached from outside, such as https://nzc.example/nzc: QR codes of certificates lead "
        "there, and webhooks name their JSON Schemas by it. Unset: codes lead to where the certificate was asked for, "
        "and webhooks go by NZC_HOST and NZC_PORT.",
    )
    webhooks: bool = Field(
        True,
        description="Whether events are posted to webhooks; off where a copy of another's database is tried.",
    )
    webhook_networks: Networks = Field(
        (),
        description="Addresses and networks that webhooks may be sent to, and witnesses asked at, beside public ones, "
        "separated by commas; to these by http, too. Unset, for `nzc demo`: this machine.",
    )

    shortcuts: bool = Field(
        True,
        description="Whether operations go short ways through the libraries beneath; off where one of them changed.",
    )

    log_format: LogFormat = Field(
        LogFormat.PLAIN, description="How the log is written: `plain` (key=value) or `json`."
    )
    log_level: LogLevel = Field(
        LogLevel.INFO,
        description="What is logged: `debug`, `info` (each request is a line), `warning` or `error`, and "
        "what is worse. Unset, for `nzc demo`: `warning`.",
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535 - 64,
        description="Where Prometheus finds /metrics; the next process has the next port. Unset: nowhere.",
    )
    metrics_host: str = Field("127.0.0.1", description="The address that /metrics listens on.")
    traces: bool = Field(
        False, description="Whether OpenTelemetry traces are sent, as OTEL_… variables say."
    )

    @property
    def connections(self) -> int:
        """Database connections that a process keeps, those of dear operations included."""
        return self.pool_size + self.dear_operations

    @property
    def documents(self) -> Path:
        """Where the bytes of documents are kept."""
        return self.documents_folder or self.data_dir / "documents"

    @property
    def address(self) -> str:
        """Where partners reach the API."""
        return self.public_url or f"http://{self.host}:{self.port}{self.path_prefix}"

    def for_oneself(self) -> "Settings":
        """The settings where one tries NZC on one's own machine: no rates, no line for each request, and webhooks to
        it, unless they were set."""
        own = {
            "requests_per_second": 0.0,
            "log_level": LogLevel.WARNING,
            "webhook_networks": THIS_MACHINE,
        }
        given = self.model_fields_set
        return self.model_copy(
            update={name: value for name, value in own.items() if name not in given}
        )
