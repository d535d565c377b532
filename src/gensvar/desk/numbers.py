"""Keeps the numbers of conversations whole on a phone, which breaks a line at any hyphen.

Neighbours: templates ask here as `|together`, acts for the sentences that say what was done.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

NUMBER: Final = re.compile(r"\b\d{4}-\d{6}\b")


def together(said: str) -> SafeString:
    """The sentence as HTML in which no line breaks within a number (desk.css); for text, not for attributes."""
    return mark_safe(NUMBER.sub(r'<span class="desk-whole">\g<0></span>', conditional_escape(said)))
