"""What a row of a playbook holds, field by field, and how each is read from a file that anybody may have written.

Nothing is turned into what it is not: a number is no text, and HTML is text like any other (no field holds markup).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Record = Mapping[str, Any]
"""One row as plain data. A field that is not there is not said: a new row gets our default, an old one keeps what it has."""

TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
SLUG: Final = re.compile(r"[-a-zA-Z0-9_]+")
MOST_ITEMS: Final = 200  # in one list of a row
LONGEST_NAME: Final = 80  # characters that are told of a name that is not known


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a file that cannot be read: where, as `parts.functions.rows[3].name`, and what is wrong, in words."""

    where: str
    what: str


@dataclass(slots=True)
class Heard:
    """What reading has found: troubles, of which one refuses the whole file, and names that nobody here knows."""

    troubles: list[Trouble] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        """Note a trouble."""
        self.troubles.append(Trouble(where, what))

    def leave_aside(self, names: Iterable[str]) -> None:
        """Note names that nobody here knows, cut short and in signs that a screen only shows: anybody may have written them."""
        for name in names:
            seen = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
            self.unknown.append(seen if len(seen) <= LONGEST_NAME else seen[: LONGEST_NAME - 1] + "…")


class Unreadable(Exception):
    """A value is not what its field holds. The message says why; whoever reads says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(ABC):
    """One field of a row. `key`: it names the row. `needed`: a row without it is none. `label` is for people.

    `suspect`: somebody must look at it before it is given, also where nothing is found in it.
    """

    name: str
    label: str | Promise = ""
    key: bool = False
    needed: bool = False
    suspect: bool = False

    @abstractmethod
    def read(self, data: object) -> Any:
        """The value. Raises Unreadable."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema (draft 2020-12) says it, for those who write files without us."""

    def texts(self, value: Any) -> list[str]:
        """What of the value somebody wrote freely, so that personal data are looked for in it."""
        return []

    def points_at(self, value: Any) -> list[tuple[str, str]]:
        """The rows of other parts that the value names: (part, key)."""
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Words that somebody wrote. `lines`: more than one line."""

    longest: int
    lines: bool = False

    def read(self, data: object) -> str:
        """As it stands, line ends alike; one line as it is stored, with single spaces, so that keys are told apart alike."""
        if not isinstance(data, str):
            raise Unreadable(_("This must be a text."))
        text = data.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.longest:
            raise Unreadable(_("This is longer than %(most)s characters.") % {"most": self.longest})
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
            raise Unreadable(_("This holds signs that no text has."))
        if "\n" in text and not self.lines:
            raise Unreadable(_("This must be one line."))
        if not text.strip() and (self.needed or self.key):
            raise Unreadable(_("This must not be empty."))
        return text if self.lines else " ".join(text.split())

    def texts(self, value: Any) -> list[str]:
        """All of it."""
        return [value] if value else []

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        least = {"minLength": 1} if self.needed or self.key else {}
        return {"type": "string", "maxLength": self.longest, **least}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Text):
    """An address on the web, or nothing."""

    def read(self, data: object) -> str:
        """Only https and http."""
        text = Text.read(self, data)
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"https", "http"} and bool(parts.hostname) and not re.search(r"\s", text)
        except ValueError:
            good = False
        if text and not good:
            raise Unreadable(_("This must be an address that begins with https:// or http://."))
        return text

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {**Text.schema(self), "pattern": r"^(https?://\S+)?$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slug(Field):
    """A short name as addresses have it. `to`: the part whose row it names. Not `needed`: it may be empty."""

    longest: int = 60
    to: str = ""

    def read(self, data: object) -> str:
        """Letters a–z, digits, - and _."""
        if not isinstance(data, str) or len(data) > self.longest or not (SLUG.fullmatch(data) or data == ""):
            raise Unreadable(_("This must be a short name of letters a–z, digits and hyphens."))
        if not data and (self.needed or self.key):
            raise Unreadable(_("This must not be empty."))
        return data

    def points_at(self, value: Any) -> list[tuple[str, str]]:
        """The one row, if it names one."""
        return [(self.to, value)] if self.to and value else []

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        sign = "+" if self.needed or self.key else "*"
        return {"type": "string", "maxLength": self.longest, "pattern": f"^[-a-zA-Z0-9_]{sign}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slugs(Field):
    """Short names of rows of the part `to`, each once, in order of the alphabet."""

    to: str

    def read(self, data: object) -> list[str]:
        """A list."""
        one = Slug(name=self.name, needed=True)
        if not isinstance(data, list) or len(data) > MOST_ITEMS:
            raise Unreadable(_("This must be a list of at most %(most)s.") % {"most": MOST_ITEMS})
        return sorted({one.read(each) for each in data})

    def points_at(self, value: Any) -> list[tuple[str, str]]:
        """All of them."""
        return [(self.to, each) for each in value]

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        one = Slug(name=self.name, needed=True).schema()
        return {"type": "array", "maxItems": MOST_ITEMS, "items": one}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """Yes or no."""

    def read(self, data: object) -> bool:
        """Nothing else than true or false."""
        if not isinstance(data, bool):
            raise Unreadable(_("This must be true or false."))
        return data

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A whole number between `least` and `most`, both included."""

    least: int = 0
    most: int

    def read(self, data: object) -> int:
        """No fraction, and true is no number."""
        if isinstance(data, bool) or not isinstance(data, int) or not self.least <= data <= self.most:
            said = _("This must be a whole number from %(least)s to %(most)s.")
            raise Unreadable(said % {"least": self.least, "most": self.most})
        return data

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Field):
    """One of a closed set of words."""

    choices: Collection[str] | Callable[[], Collection[str]]

    def read(self, data: object) -> str:
        """The word."""
        known = self.choices() if callable(self.choices) else self.choices
        if not isinstance(data, str) or data not in known:
            raise Unreadable(_("This must be one of: %(words)s.") % {"words": ", ".join(sorted(known))})
        return data

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"enum": sorted(self.choices() if callable(self.choices) else self.choices)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Field):
    """A date, as 2026-12-24."""

    def read(self, data: object) -> str:
        """In ISO 8601, as it is compared and written."""
        try:
            if isinstance(data, str) and len(data) == len("2026-12-24"):
                return dt.date.fromisoformat(data).isoformat()
        except ValueError:
            pass
        raise Unreadable(_("This must be a date, such as 2026-12-24."))

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Time(Field):
    """A time of day, as 16:00."""

    def read(self, data: object) -> str:
        """Hours and minutes."""
        if not isinstance(data, str) or not TIME.fullmatch(data):
            raise Unreadable(_("This must be a time of day, such as 16:00."))
        return data

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"type": "string", "pattern": TIME.pattern.join("^$")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Field):
    """Rows within a row, in their order, each of the fields of `of`: the questions of a form, say."""

    of: tuple[Field, ...]
    most: int = MOST_ITEMS

    def read(self, data: object) -> list[dict[str, Any]]:
        """Each as `row` reads it; a name that is not known is a trouble here, since the list stands or falls whole."""
        if not isinstance(data, list) or len(data) > self.most:
            raise Unreadable(_("This must be a list of at most %(most)s.") % {"most": self.most})
        heard = Heard()
        found = [row(self.of, one, f"[{place}]", heard) for place, one in enumerate(data)]
        said = [*(f"{one.where}: {one.what}" for one in heard.troubles), *heard.unknown]
        if said:
            raise Unreadable(" ".join(said))
        return [one for one in found if one is not None]

    def texts(self, value: Any) -> list[str]:
        """Those of all rows."""
        return [text for one in value for each in self.of for text in each.texts(one.get(each.name, ""))]

    def schema(self) -> dict[str, Any]:
        """As it is read."""
        return {"type": "array", "maxItems": self.most, "items": schema_of(self.of)}


def schema_of(shape: tuple[Field, ...]) -> dict[str, Any]:
    """One row as JSON Schema says it; other names may stand beside, and are left aside."""
    return {
        "type": "object",
        "properties": {one.name: one.schema() for one in shape},
        "required": [one.name for one in shape if one.key or one.needed],
    }


def row(shape: tuple[Field, ...], data: object, where: str, heard: Heard) -> dict[str, Any] | None:
    """One row, or None where something in it cannot be read; `heard` is told what and where."""
    if not isinstance(data, dict):
        heard.wrong(where, _("This must be an object with a value for each name."))
        return None
    before = len(heard.troubles)
    found: dict[str, Any] = {}
    for one in shape:
        if one.name not in data:
            if one.key or one.needed:
                heard.wrong(f"{where}.{one.name}", _("This is missing."))
            continue
        try:
            found[one.name] = one.read(data[one.name])
        except Unreadable as error:
            heard.wrong(f"{where}.{one.name}", str(error))
    known = {one.name for one in shape}
    heard.leave_aside(f"{where}.{name}" for name in data if name not in known)
    return found if len(heard.troubles) == before else None


def no_list() -> str:
    """Said of rows that are none."""
    return _("This must be a list of rows.")


def twice() -> str:
    """Said of a second row of one key."""
    return _("A row with the same key stands above.")
