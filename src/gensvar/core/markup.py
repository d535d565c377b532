"""HTML that strangers wrote, gone through once before a parser builds a tree of it: its cost is bounded, its words are kept.

nh3 takes quadratic time in the depth of a page, in the attributes of a tag and in the formatting that is never closed: a
quarter of a megabyte keeps it busy for minutes. So every tag is read here and written anew, as a browser would read it
(WHATWG HTML § 13.2.5), in a time that grows as the length. This makes nothing harmless: nh3 still has the last word.
Neighbours: channels.email.html and publishing.wordpress.markup clean what comes out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

DEEPEST: Final = 200  # open tags at a time; what opens deeper loses its tag
MOST_SIGNS: Final = 1000  # letters written as "&…;" in one stretch: nh3 takes quadratic time in them
MOST_TAKEN_UP: Final = 100_000  # times that open formatting may reach over another piece of the page

NEVER_CLOSED: Final = frozenset(
    "br hr img p li td tr th dt dd meta link input option col area base wbr tbody thead tfoot".split()
)
VOID: Final = frozenset("br hr img meta link input col area base wbr embed param source track".split())
FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
KEPT: Final = frozenset(
    "href src title alt width height dir lang start colspan rowspan scope".split()
)  # attributes
WORDLESS: Final = frozenset("script style title textarea iframe noembed noframes".split())  # no tags in them
APART: Final = frozenset(
    "svg math select object template noscript applet audio video xml".split()
)  # with all in them

_PIECE: Final = re.compile(
    r"""(?P<text>(?:[^<]+|<(?![a-zA-Z/!?])){1,1000})
    | <!--(?:-?>|.*?(?:--!?>|\Z))
    | <(?:[!?]|/[^a-zA-Z])[^>]*+>?
    | <(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)
        (?P<said>(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)(?P<end>>|\Z)
    | (?P<sign><)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE: Final = re.compile(
    r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?""",
)
_NAME: Final = re.compile(r"[a-z][\w:-]*+")
_HIDES: Final = re.compile(
    r"(?<![\w-])(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden|mso-hide\s*+:\s*+all"
    r"|(?:max-height|opacity)\s*+:\s*+0(?:\.0*+)?(?:px)?(?![\w.%]))",
    re.IGNORECASE,
)
_TAGS: Final = re.compile(r"<(?!img)[^>]*+>")
_SEEN: Final = re.compile(r"[^\s<>]")
_MANY_SIGNS: Final = re.compile(rf"(?:&[^&]*+){{{MOST_SIGNS}}}")
_NOTHING: Final[Mapping[str, str]] = {}
_BREAK: Final = "<!---->"  # ends a stretch; nh3 takes it out


def bounded(source: str, passed: AbstractSet[str], *, hidden_too: bool = True) -> str:
    """The same page with the tags of `passed` alone, in a shape that no parser needs long for.

    Without `hidden_too` what the writer's own style hides (a preheader, say) is left out, unless there is nothing else.
    """
    first = _Pass(source, passed, hidden_too=hidden_too)
    made = first.made()
    if not first.hid or _SEEN.search(_TAGS.sub("", made)):
        return made
    return _Pass(source, passed, hidden_too=True).made()


class _Pass:
    """One way through a page. `open` counts the tags that went out and were not closed, by name; `cut` those left out."""

    def __init__(self, source: str, passed: AbstractSet[str], *, hidden_too: bool) -> None:
        self.source, self.lower = source, source.lower()
        self.passed, self.hidden_too = passed, hidden_too
        self.out: list[str] = []
        self.open, self.cut = Counter[str](), Counter[str]()
        self.depth = self.formats = self.taken_up = self.signs = 0
        self.skipping, self.skipped = (
            "",
            0,
        )  # what is left out with all in it, and how many of that name are open
        self.last = dict[str, int]()  # where a name is closed for the last time
        self.hid = False  # whether anything was left out since its own style hides it

    def made(self) -> str:
        """Go through it."""
        at, end = 0, len(self.source)
        while at < end:
            piece = _PIECE.match(self.source, at)
            if piece is None:  # the signs of a tag are all told above
                break
            at = piece.end()
            if piece["name"]:
                at = self._tag(piece)
            elif not self.skipping and (text := piece["text"] or piece["sign"]):
                self._text(text.replace("<", "&lt;"))
        return "".join(self.out)

    def _text(self, text: str) -> None:
        self._take_up()
        self.signs += text.count("&")
        if self.signs > MOST_SIGNS:
            self.signs = 0
            self.out.append(_BREAK)
            text = _MANY_SIGNS.sub(rf"\g<0>{_BREAK}", text)
        self.out.append(text)

    def _tag(self, piece: re.Match[str]) -> int:
        """Write one tag anew; gives where to read on."""
        slash, name, said, end = piece.group("slash", "name", "said", "end")
        name, closing, after = name.lower(), bool(slash), piece.end()
        if not end:
            return after  # the page ends inside it
        if name in WORDLESS:
            if closing:
                return after
            return max(after, self._closed_next(name, after))
        if self.skipping:
            self._skip(name, closing=closing)
            return after
        found = _read(said) if said and not closing else _NOTHING
        hidden = not (closing or self.hidden_too) and _is_hidden(found)
        self.hid |= hidden
        if name in APART or hidden:
            if not (closing or said.endswith("/") or name in VOID) and self._is_closed(name, after):
                self.skipping, self.skipped = name, 1
        elif name in self.passed:
            self._close(name) if closing else self._open(name, found)
        return after

    def _skip(self, name: str, *, closing: bool) -> None:
        if name == self.skipping:
            self.skipped += -1 if closing else 1
            if not self.skipped:
                self.skipping = ""

    def _closed_next(self, name: str, after: int) -> int:
        """Where the words end that hold no tags; the end of the page where they are never closed."""
        found = self.lower.find(f"</{name}", after)
        return found if found >= 0 else len(self.source)

    def _is_closed(self, name: str, after: int) -> bool:
        if name not in self.last:
            self.last[name] = self.lower.rfind(f"</{name}")
        return self.last[name] >= after

    def _open(self, name: str, found: Mapping[str, str]) -> None:
        self._take_up()
        if name in NEVER_CLOSED:
            self.out.append(f"<{name}{_attributes(found)}>")
        elif self.depth >= DEEPEST or (name in FORMATTING and self.taken_up > MOST_TAKEN_UP):
            self.cut[name] += 1
        else:
            self.open[name] += 1
            self.depth += 1
            self.formats += name in FORMATTING
            self.out.append(f"<{name}{_attributes(found)}>")

    def _close(self, name: str) -> None:
        if name in NEVER_CLOSED:
            self.out.append(f"</{name}>")
        elif self.cut[name]:
            self.cut[name] -= 1
        elif self.open[name]:
            self.open[name] -= 1
            self.depth -= 1
            self.formats -= name in FORMATTING
            self.out.append(f"</{name}>")

    def _take_up(self) -> None:
        """Count how often open formatting is taken up again; once it is too often, it ends."""
        if not self.formats:
            return
        self.taken_up += self.formats
        if self.taken_up > MOST_TAKEN_UP:
            for name in FORMATTING:
                self.out.append(f"</{name}>" * self.open[name])
                self.depth -= self.open[name]
                self.cut[name] += self.open.pop(name, 0)
            self.formats = 0


def _is_hidden(found: Mapping[str, str]) -> bool:
    """Whether a tag's own attributes keep what stands in it from being seen."""
    return "hidden" in found or bool(_HIDES.search(found.get("style", "")))


def _attributes(found: Mapping[str, str]) -> str:
    """Those that anybody keeps, each once, in quotes."""
    if not found:
        return ""
    kept = ((name, value.replace('"', "&quot;")) for name, value in found.items() if name in KEPT)
    return "".join(f' {name}="{value}"' for name, value in kept)


def _read(said: str) -> dict[str, str]:
    """Each attribute by its name in small letters; of two of a name the first holds, as in a browser."""
    found = dict[str, str]()
    for name, double, single, bare in _ATTRIBUTE.findall(said):
        if _NAME.fullmatch(name := name.lower()):
            found.setdefault(name, double or single or bare)
    return found
