"""WordPress's words in square brackets: those that hold pictures and films become HTML, the others are named.

Neighbour: body reads what comes out. Source: the list of core shortcodes in WordPress's own wp-includes/media.php.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import unquote

from gensvar.publishing.wordpress.markup import plain
from gensvar.publishing.wordpress.values import Note, Notes

_OURS: Final = re.compile(  # what is said is read once: no shorter beginning of it ends at a bracket
    r"\[(?P<name>wp_caption|caption|gallery|embed|video|youtube|vimeo|audio|playlist)(?P<said>(?:\s[^\]]{0,5000}+)?)\]"
    r"(?:(?P<inner>(?:(?!\[(?P=name)\b).){0,20000}?)\[/(?P=name)\])?",
    re.DOTALL,
)
_SAID: Final = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\]]+")
_OTHER: Final = re.compile(  # what stands in quotes may hold brackets and HTML; tried once at each place
    r"""\[(/?)([a-zA-Z][\w-]{1,60})((?:\s(?:"[^"]{0,5000}"|'[^']{0,5000}'|[^\[\]<>"'])*+)?)(/?)\]"""
)
_CODED: Final = re.compile(  # what stands between is base64 of a script or of HTML, and no words
    r"\[(?P<name>vc_raw_html|vc_raw_js|fusion_code)\b[^\]]{0,5000}\](?:[^\[]{0,500000}\[/(?P=name)\])?"
)
_SPOKEN: Final = (  # words that a builder of pages keeps
    *("title", "heading", "subtitle", "subheading", "subhead", "text", "question", "label", "caption"),
    *("description", "button_text", "heading_text"),
)
_NO_WORDS: Final = re.compile(
    r"(?i)true|false|yes|no|on|off|none|default|h[1-6]|div|left|right|center|[\W\d_]*"
)
_FILLED_LATER: Final = re.compile(
    r"@ET-DC@[A-Za-z0-9+/=]*@"
)  # Divi's places for what it knows when it shows a page
_LEADS: Final = ("url", "href", "link", "button_url", "link_url", "src", "image")
_PICTURES: Final = ("image", "images", "image_id", "attachment_id", "attachment", "gallery_ids")
_IS_PICTURE: Final = re.compile(r"https?://[^\s\"'<>]+\.(?:jpe?g|png|gif|webp)(?:\?\S*)?", re.IGNORECASE)
_IMAGE: Final = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)", re.IGNORECASE)


def to_html(content: str, notes: Notes) -> str:
    """The content with its shortcodes made into HTML; what is none of ours loses its brackets and is noted, with where it led.

    The words and pictures that builders of pages keep within the brackets stand where they stood.
    """
    made = _OURS.sub(_replace(notes), _CODED.sub(_left_out(notes), content))
    made = _FILLED_LATER.sub("", made)
    closed = {name for slash, name, _said, _end in _OTHER.findall(made) if slash}

    def other(found: re.Match[str]) -> str:
        slash, name, said, end = found.groups()
        lone = _ADDRESS.fullmatch(said.strip(" /"))  # what an embedded page was shown by
        if not (slash or end or said.rstrip().endswith("/") or "=" in said or name in closed or lone):
            return found[0]  # [sic] and [...] are words
        if slash:
            return ""
        address = _ADDRESS.search(unquote(said))
        notes.append([Note.SHORTCODE, f"{name} {address[0][:200]}" if address else name])
        return "" if "form" in name else _kept_within(said)

    return _OTHER.sub(other, made)


def _left_out(notes: Notes) -> Callable[[re.Match[str]], str]:
    def left_out(found: re.Match[str]) -> str:
        notes.append([Note.SHORTCODE, found["name"]])
        return ""

    return left_out


def _kept_within(said: str) -> str:
    """The words and pictures of a shortcode's own attributes, as blocks."""
    given = {key.lower(): one or two or three for key, one, two, three in _SAID.findall(said)}
    words = (" ".join(plain(_decoded(given.get(key, ""))).split()) for key in _SPOKEN)
    blocks = [f"<p><b>{escape(one, quote=False)}</b></p>" for one in words if not _NO_WORDS.fullmatch(one)]
    named = (given.get(key, "").partition("|")[0] for key in _PICTURES)
    numbers = (one for one in named if re.fullmatch(r"[0-9, ]{1,5000}", one))
    blocks += [
        f'<img class="wp-image-{one}">' for found in numbers for one in re.findall(r"[0-9]{1,18}", found)
    ]
    lone = _ADDRESS.fullmatch(said.strip(" /"))
    for address in dict.fromkeys([given.get(key, "") for key in _LEADS] + [lone[0] if lone else ""]):
        found = _ADDRESS.search(unquote(address))
        if found is not None and _IS_PICTURE.fullmatch(found[0]):
            blocks.append(f'<img src="{escape(found[0])}" alt="{escape(given.get("alt", ""))}">')
        elif found is not None:
            blocks.append(f'<p><a href="{escape(found[0])}">{escape(found[0])}</a></p>')
    return f"\n\n{''.join(blocks)}\n\n" if blocks else ""


def _decoded(said: str) -> str:
    """Quotes and brackets as builders write them within an attribute: %22, and Divi's %91 and %93 (of Windows' signs)."""
    return unquote(said.replace("%91", "[").replace("%93", "]"))


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
