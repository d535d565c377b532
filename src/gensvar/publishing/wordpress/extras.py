"""What belongs to an old post and stood beside its words: its picture, its footnotes, its sound, and who else wrote it.

Neighbour: making puts it where it belongs here. Sources: WordPress's _thumbnail_id, footnotes and enclosure; the extension
Co-Authors Plus, which keeps authors as terms.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from gensvar.publishing.wordpress import body
from gensvar.publishing.wordpress.media import Finder
from gensvar.publishing.wordpress.values import Item, Notes

_FOOTNOTES: Final = re.compile(r"<!-- wp:footnotes\b[^<>]*/-->")
_PICTURE: Final = '<!-- wp:image --><img class="wp-image-{number}"><!-- /wp:image -->'


def content(item: Item) -> str:
    """The words of a post with its footnotes where they stood, and with the sound that only its feed named."""
    words = item.content
    if notes := _footnotes(item.meta.get("footnotes", "")):
        words = _FOOTNOTES.sub(lambda _found: notes, words)
    sound = item.meta.get("enclosure", "").partition("\n")[0].strip()
    if sound.startswith(("https://", "http://")) and sound not in words:
        words += f'\n\n<audio src="{escape(sound)}"></audio>'
    return words


def put_first(item: Item, parts: list[tuple[str, Any]], finder: Finder, notes: Notes) -> None:
    """The post's own picture before its words, as themes show it; not twice."""
    number = item.meta.get("_thumbnail_id", "")
    if not re.fullmatch(r"[0-9]{1,18}", number):
        return
    shown = body.parts_of(_PICTURE.format(number=int(number)), finder, notes)
    here = [value["image"] for kind, value in parts if kind == "picture"]
    own = [value["image"] for kind, value in shown if kind == "picture"]
    if own and own[0] not in here:
        parts[:0] = shown  # below it what its caption has no room for


def authors(item: Item, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who wrote it: log-in and name, the names of the export first; one of them may be empty."""
    said = [(slug.removeprefix("cap-"), name) for kind, slug, name in item.terms if kind == "author"]
    found = []
    for slug, name in said:
        login = next((one for one in (name, slug) if one in names), name or slug)
        found.append((login, names.get(login) or name or slug))
    return found or [(item.author, names.get(item.author) or item.author)]


def _footnotes(kept: str) -> str:
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        words = [str(one.get("content", "")) for one in json.loads(kept or "[]")]
        return f"<ol>{''.join(f'<li>{one}</li>' for one in words)}</ol>" if words else ""
    return ""
