"""What a mail server says in prose, told from the copy of our mail below it.

Neighbours: channels.email reads reports without that copy; conversations.returned leaves it out of those read before.
"""

from __future__ import annotations

import re

COPY_BELOW = re.compile(
    r"^[-|* \t]{0,80}(?:below this line is|this is a copy of|original message follows"
    r"|(?:unsent message|message text|message headers?) follow"
    r"|the headers? of the original message|-[ ]*original message)[^\n]*$"
    r"|^-{2,}[ ]*(?:below this line|this is a copy|original message|mensaje original|ursprungligt|originalmeddelande)[^\n]*$"
    r"|^[> \t]*(?:Received|Return-Path|DKIM-Signature):"
    r"|^[ \t]*(?:original message headers|ursprungliga? meddelandehuvuden)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)


def without_copy(text: str) -> str:
    """The server's own words."""
    copy = COPY_BELOW.search(text)
    return text[: copy.start()].rstrip() if copy else text
