"""How long a file may be: what is longer is of more than one topic."""

import pytest

from tests.sources import files_in, text_of

MOST_LINES = {"nzc_api": 700, "tests": 800}

# What a pilot is in GraphQL is one type, of all that it shows.
LONGER = {"nzc_api/schema/pilots/types.py"}


def lines_in(file: str) -> int:
    return len(text_of(file).splitlines())


@pytest.mark.parametrize("folder", MOST_LINES)
def test_no_file_is_too_long(folder: str) -> None:
    files = files_in(folder)
    assert files
    assert {file for file in files if lines_in(file) > MOST_LINES[folder]} == {
        file for file in LONGER if file.startswith(f"{folder}/")
    }
