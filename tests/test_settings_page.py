"""The pages about settings name each setting, in order, and its default."""

import re
from pathlib import Path

import pytest

from nzc_api.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
ROW = re.compile(r"^\| `(NZC_[A-Z_]+)` \| .+ \| (.+) \|$", re.MULTILINE)

# What says in words what it is without.
IN_WORDS = {
    "NZC_DATABASE_URL",
    "NZC_MIGRATION_DATABASE_URL",
    "NZC_DATA_DIR",
    "NZC_DOCUMENTS_FOLDER",
    "NZC_LOG_KEY_FILE",
    "NZC_WITNESSES",
    "NZC_ALLOWED_ORIGINS",
    "NZC_TRUSTED_PROXIES",
    "NZC_PATH_PREFIX",
    "NZC_PUBLIC_URL",
    "NZC_WEBHOOK_NETWORKS",
    "NZC_TWO_PERSONS_ABOVE",
    "NZC_METRICS_PORT",
}
FIELDS = {f"NZC_{name.upper()}": field for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize("page", ["settings.md", "settings.zh.md"])
def test_each_setting_has_its_row(page: str) -> None:
    rows = dict(ROW.findall((DOCS / page).read_text("utf-8")))
    assert rows.keys() == FIELDS.keys()
    for name, default in rows.items():
        if name in IN_WORDS:
            continue
        said = re.match("`([^`]+)`", default)
        assert said, name
        assert said[1] == _shown(FIELDS[name].get_default())


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)
