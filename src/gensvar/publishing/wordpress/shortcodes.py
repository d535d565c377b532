"""WordPress's words in square brackets: those that hold pictures and films become HTML, the others are named.

Neighbour: body reads what comes out. Source: the list of core shortcodes in WordPress's own wp-includes/media.php.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Final

from gensvar.publishing.wordpress.values import Note, Notes

_OURS: Final = re.compile(
    r"\[(?P<name>wp_caption|caption|gallery|embed|video|youtube|vimeo|audio|playlist)(?P<said>(?:\s[^\]]{0,5000})?)\]"
    r"(?:(?P<inner>(?:(?!\[(?P=name)\b).){0,20000}?)\[/(?P=name)\])?",
    re.DOTALL,
)
_SAID: Final = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\]]+")
_OTHER: Final = re.compile(r"\[(/?)([a-zA-Z][\w-]{1,60})((?:\s+[^\[\]<>]*)?)(/?)\]")
_IMAGE: Final = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)", re.IGNORECASE)


def to_html(content: str, notes: Notes) -> str:
    """The content with its shortcodes made into HTML; what is none of ours loses its brackets and is noted."""
    made = _OURS.sub(_replace(notes), content)
    closed = {name for slash, name, _said, _end in _OTHER.findall(made) if slash}

    def other(found: re.Match[str]) -> str:
        slash, name, said, end = found.groups()
        if not (slash or end or "=" in said or name in closed):
            return found[0]  # [sic] and [...] are words
        if not slash:
            notes.append([Note.SHORTCODE, name])
        return ""

    return _OTHER.sub(other, made)


def _replace(notes: Notes) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        name, inner = found["name"], found["inner"] or ""
        said = {key: one or two or three for key, one, two, three in _SAID.findall(found["said"])}
        if name in {"caption", "wp_caption"}:
            return _caption(said, inner)
        if name == "gallery":
            return _gallery(said)
        if name == "playlist":
            notes.append([Note.SHORTCODE, name])
            return ""
        return _film(name, said, f"{found['said']} {inner}")

    return replace


def _caption(said: dict[str, str], inner: str) -> str:
    image = _IMAGE.match(inner)
    words = said.get("caption", "") or (inner[image.end() :] if image else "")
    return f"\n\n<figure>{image[1] if image else inner}<figcaption>{words}</figcaption></figure>\n\n"


def _gallery(said: dict[str, str]) -> str:
    numbers = re.findall(r"\d{1,18}", said.get("ids", "") or said.get("include", ""))
    images = "".join(f'<img class="wp-image-{number}">' for number in numbers)
    return f"\n\n<figure>{images or '<img data-all=gallery>'}</figure>\n\n"


def _film(name: str, said: dict[str, str], rest: str) -> str:
    sources = [said.get(key, "") for key in ("src", "mp4", "webm", "m4v", "mp3", "ogg", "wav", "url")]
    found = _ADDRESS.search(rest)
    address = next((one for one in sources if one), "") or (found[0] if found else "")
    if not address and name in {"youtube", "vimeo"} and (said.get("id") or rest.strip()):
        number = re.sub(r"[^\w-]", "", said.get("id") or rest.split()[0])
        address = f"https://youtu.be/{number}" if name == "youtube" else f"https://vimeo.com/{number}"
    kind = "audio" if name == "audio" else "video"
    return f'\n\n<{kind} src="{escape(address)}"></{kind}>\n\n'
