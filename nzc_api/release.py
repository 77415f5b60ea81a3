"""Which release of NZC this is."""

from importlib.metadata import version

RELEASE = version("nzc-api")
