"""Keeps private links and what people search for out of the logs: whoever reads a log must not be able to follow them."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

BEFORE_KEYS: Final = r"/(?:(?:samtal|mottaget|brev|bekrafta|overklaga|ledarskap|gast|reset/key)/+)+"
# Also as a mail program or a hand spoilt it: doubled slashes, a space, capital letters.
_KEY: Final = re.compile(rf"({BEFORE_KEYS})(?:\s*+[^/?\s]{{16,}}|[^/?\s]+)|(/sok\?)\S+", re.IGNORECASE)


class HideKeys(logging.Filter):
    """Puts an ellipsis where a log line would name the key, or the words, in an address. Lets every line pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        return True


def _hidden(value: Any) -> Any:
    return _KEY.sub(lambda found: f"{found[1] or found[2]}…", value) if isinstance(value, str) else value
