"""Characters that no database can keep: NUL, and halves of a surrogate pair."""

import re

UNKEPT = re.compile("[\x00\ud800-\udfff]")
