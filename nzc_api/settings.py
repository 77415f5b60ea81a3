"""What the environment decides: every setting that NZC has, each an ``NZC_…`` variable."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _well_formed(url: str) -> str:
    """The URL itself; raises ``ValueError`` where what it is made of cannot be told."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    for host in parts.netloc.rpartition("@")[2].split(","):
        _ = urlsplit(f"//{host}").port
    for ports in query.get("port", ()):
        _ = [int(port) for port in ports.split(",")]
    return url


PostgresUrl = Annotated[str, Field(pattern=r"^postgres(ql)?://"), AfterValidator(_well_formed)]


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
    host: str = Field("127.0.0.1", description="The address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port; 0 takes any free one.")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections a process keeps.")
    processes: int = Field(
        1, ge=1, le=64, description="Processes that `nzc serve` answers from, each with its pool."
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
    subscriptions: int = Field(
        1_000, ge=0, le=100_000, description="Subscriptions that a process serves at once."
    )
    subscriptions_of_one: int = Field(
        200, ge=0, le=100_000, description="Of these, how many of one key or address."
    )

    @property
    def connections(self) -> int:
        """Database connections that a process keeps, those of dear operations included."""
        return self.pool_size + self.dear_operations
