"""How the value of a factor was come by. Apart from factors, which are read from files: an error that says it needs
none of them."""

from enum import StrEnum


class Confidence(StrEnum):
    """How a value was come by. None was read from an official text."""

    PACKAGE = "PACKAGE"
    TRANSCRIPTION = "TRANSCRIPTION"
    COMPUTED = "COMPUTED"
    REPORTED = "REPORTED"
    SUPPLIED = "SUPPLIED"
