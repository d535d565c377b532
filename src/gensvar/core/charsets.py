"""Which charsets are read at all, of the many that Python knows; neighbours: outside.reading, and the channel of e-mail."""

from __future__ import annotations

import codecs
from typing import Final

NOT_TEXT: Final = frozenset(
    {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
)  # no page and no mail is written in them; Punycode takes a time that grows as the square of the length


def named(name: str) -> str:
    """Python's own name of a charset of texts; empty for any other name."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    of_texts = getattr(info, "_is_text_encoding", True) and info.name.replace("-", "_") not in NOT_TEXT
    return info.name if of_texts else ""
