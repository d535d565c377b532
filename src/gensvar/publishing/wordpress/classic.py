"""The classic editor keeps paragraphs as empty lines: gives them their tags, as WordPress's own wpautop does.

Neighbours: shortcodes before, body after. Source: wpautop in wp-includes/formatting.php, and the lone addresses of
WP_Embed::autoembed. Read once from front to end, whatever stands there.
"""

from __future__ import annotations

import re
from typing import Final

HOLDS_WORDS: Final = frozenset(  # lines of their own whose words stand right in them
    "p h1 h2 h3 h4 h5 h6 li dt dd td th caption figcaption summary legend address".split()
)
HOLDS_LINES: Final = frozenset(
    """div ul ol dl blockquote table thead tbody tfoot tr figure hr form section article aside details center main nav header
    footer fieldset video audio object iframe menu hgroup""".split()
)
AS_IT_IS: Final = frozenset({"pre", "script", "style", "textarea"})
_TAG: Final = re.compile(r"<!--[^<>]*-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")
_LONE: Final = re.compile(r"^[ \t]*(https?://[^\s<>\"\[\]]+)[ \t]*$", re.MULTILINE)
_BREAK: Final = re.compile(r"\n[ \t]*\n\s*")
_BEGINS: Final = re.compile(
    rf"<(?:!--|/?(?P<name>{'|'.join(sorted(HOLDS_WORDS | HOLDS_LINES | AS_IT_IS))})\b)", re.IGNORECASE
)
_SHORTCODE: Final = ("<!-- wp:shortcode -->", "<!-- /wp:shortcode -->")


def paragraphs(html: str) -> str:
    """The HTML with its paragraphs and line breaks."""
    made = []
    for piece in _BREAK.split(_LONE.sub(r"\n\n\1\n\n", _apart(html.replace("\r\n", "\n")))):
        words = piece.strip()
        if not words:
            continue
        begins = _BEGINS.match(words)
        if begins is None:
            words = f"<p>{_with_breaks(words)}</p>"
        elif str(begins["name"]).lower() in HOLDS_WORDS:
            words = _with_breaks(words)
        made.append(words)
    return "\n".join(made)


def in_shortcode_blocks(html: str) -> str:
    """Of blocks: the one that holds a shortcode is the only one whose words are kept as the classic editor's."""
    first, *pieces = html.split(_SHORTCODE[0])
    parts = (piece.partition(_SHORTCODE[1]) for piece in pieces)
    return first + "".join(f"{paragraphs(words)}{rest}" for words, _end, rest in parts)


def _with_breaks(words: str) -> str:
    return re.sub(r"(?:<br ?/?>)?\n", "<br>", words)


def _apart(html: str) -> str:
    """Each block on lines of its own, no line end within a tag, and none that counts where lines are kept as they are."""
    made: list[str] = []
    at, kept, linked = 0, "", False
    for found in _TAG.finditer(html):
        between = html[at : found.start()]
        linked = linked and "\n\n" not in between
        made.append(between.replace("\n", "&#10;") if kept else between)
        at = found.end()
        name, closes = (found[2] or "").lower(), bool(found[1])
        tag = found[0].replace("\n", " ")
        if kept:
            before, after = "", "\n\n" if closes and name == kept else ""
            kept = "" if after else kept
        elif name == "a":
            linked, before, after = not closes, "", ""
        else:
            before, after = ("", "") if linked else _around(name, closes=closes)
            kept = name if name in AS_IT_IS and not closes else ""
        made.append(f"{before}{tag}{after}")
    made.append(html[at:])
    return "".join(made)


def _around(name: str, *, closes: bool) -> tuple[str, str]:
    """What comes before and after a tag; a comment has no name."""
    if not name or name in HOLDS_LINES:
        return "\n\n", "\n\n"
    if name in HOLDS_WORDS or name in AS_IT_IS:
        return ("", "\n\n") if closes else ("\n\n", "")
    return "", ""
