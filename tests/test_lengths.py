"""How long a file may be: what is longer is of more than one topic."""

import pytest

from tests.test_names import ROOT, files_in

MOST_LINES = {"nzc_api": 700, "tests": 800}

# What a pilot is in GraphQL is one type, of all that it shows.
LONGER = {"nzc_api/schema/pilots/types.py"}


def lines_in(file: str) -> int:
    return len((ROOT / file).read_text("utf-8").splitlines())


@pytest.mark.parametrize("folder", MOST_LINES)
def test_no_file_is_too_long(folder: str) -> None:
    files = files_in(folder)
    assert files
    assert {file for file in files if lines_in(file) > MOST_LINES[folder]} == {
        file for file in LONGER if file.startswith(f"{folder}/")
    }
