"""The file of a playbook: JSON with sorted names, no time in it, and a digest; read as something that anybody may have written.

Neighbours: giving writes one, plan compares what is read. The format is described in docs/reference/playbook-format.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from gensvar.core.playbooks.part import Part, parts
from gensvar.core.playbooks.shape import Heard, Record, Trouble, schema_of

FORMAT: Final = "gensvar-playbook"
VERSION: Final = 1
LARGEST: Final = 2 * 1024 * 1024  # bytes
DEEPEST: Final = 12  # lists and objects in each other; what we write needs 7
MOST_ROWS: Final = 5_000  # of one part
SAID: Final = 50  # troubles or unknown names that are told; a file full of them says nothing more
LONGEST_FROM: Final = 100
_TOP: Final = frozenset({"format", "version", "from", "parts", "digest"})
_OF_PART: Final = frozenset({"version", "rows"})


class NotAPlaybook(Exception):
    """The file cannot be taken in; nothing of it was. `troubles` say where and why."""

    def __init__(self, *troubles: Trouble) -> None:
        super().__init__(" ".join(f"{one.where}: {one.what}" if one.where else one.what for one in troubles))
        self.troubles = troubles


@dataclass(frozen=True, slots=True)
class Book:
    """What a file says: whose set-up it is, the rows of each part known here, and what nobody here knows."""

    source: str
    rows: Mapping[str, tuple[Record, ...]]
    unknown: tuple[str, ...]
    digest: str  # SHA-256 of what it says
    sealed: bool  # whether the file said that digest itself


def write(source: str, rows: Mapping[str, Sequence[Record]]) -> bytes:
    """The file. The same rows make the same bytes."""
    versions = {part.name: part.version for part in parts()}
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "from": source[:LONGEST_FROM],
        "parts": {name: {"version": versions[name], "rows": found} for name, found in rows.items()},
    }
    said["digest"] = digest_of(said)
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 of everything but the digest, in the shortest writing with sorted names; `sha256:` before it."""
    kept = {name: value for name, value in said.items() if name != "digest"}
    plain = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()


def schema() -> dict[str, Any]:
    """The file as JSON Schema (draft 2020-12) says it. That a key comes once, and the digest, it cannot say."""
    rows = {
        part.name: {
            "type": "object",
            "properties": {
                "version": {"const": part.version},
                "rows": {"type": "array", "maxItems": MOST_ROWS, "items": schema_of(part.shape)},
            },
            "required": ["version", "rows"],
        }
        for part in parts()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A playbook of Gensvar",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "from": {"type": "string", "maxLength": LONGEST_FROM},
            "parts": {"type": "object", "properties": rows},
            "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        },
        "required": ["format", "version", "parts"],
    }


def read(data: bytes) -> Book:
    """What the file says. Raises NotAPlaybook, and nothing else, whatever it is given."""
    said = _opened(data)
    heard = Heard()
    if said.get("format") != FORMAT:
        raise NotAPlaybook(Trouble("format", _("This is no playbook of Gensvar.")))
    _check_version(said.get("version"), VERSION, "version")
    digest = digest_of(said)
    if "digest" in said and said["digest"] != digest:
        raise NotAPlaybook(
            Trouble("digest", _("The file is not as it was written: it was changed or cut short on its way."))
        )
    source = said.get("from", "")
    if not isinstance(source, str) or len(source) > LONGEST_FROM or not source.isprintable():
        heard.wrong("from", _("This must be the name of a municipality."))
    heard.leave_aside(name for name in said if name not in _TOP)
    rows = _rows(said.get("parts"), heard)
    if heard.troubles:
        raise NotAPlaybook(*heard.troubles[:SAID])
    return Book(source, rows, tuple(heard.unknown[:SAID]), digest, sealed="digest" in said)


def _rows(data: object, heard: Heard) -> dict[str, tuple[Record, ...]]:
    if not isinstance(data, dict):
        heard.wrong("parts", _("This must be an object with a value for each name."))
        return {}
    known = {part.name: part for part in parts()}
    heard.leave_aside(f"parts.{name}" for name in data if name not in known)
    return {name: _of_part(part, data[name], heard) for name, part in known.items() if name in data}


def _of_part(part: Part, data: object, heard: Heard) -> tuple[Record, ...]:
    where = f"parts.{part.name}"
    if not isinstance(data, dict):
        heard.wrong(where, _("This must be an object with a value for each name."))
        return ()
    _check_version(data.get("version"), part.version, f"{where}.version")
    heard.leave_aside(f"{where}.{name}" for name in data if name not in _OF_PART)
    rows = data.get("rows")
    if isinstance(rows, list) and len(rows) > MOST_ROWS:
        heard.wrong(f"{where}.rows", _("There are more than %(most)s rows.") % {"most": MOST_ROWS})
        return ()
    return part.read(rows, f"{where}.rows", heard)


def _check_version(said: object, ours: int, where: str) -> None:
    """Raises NotAPlaybook for what is no version, and for a newer one than we know."""
    if isinstance(said, bool) or not isinstance(said, int) or said < 1:
        raise NotAPlaybook(Trouble(where, _("The version must be a whole number from 1.")))
    if said > ours:
        words = _(
            "The file was written by a newer Gensvar (%(said)s; this one knows %(ours)s). Upgrade first."
        )
        shown = said if said < 10**9 else _("a very large number")
        raise NotAPlaybook(Trouble(where, words % {"said": shown, "ours": ours}))


def _opened(data: bytes) -> dict[str, Any]:
    """The outermost object. Raises NotAPlaybook for what is too large, too deep, no UTF-8 or no JSON."""
    if len(data) > LARGEST:
        words = _("The file is larger than %(most)s MB.") % {"most": LARGEST // 1024**2}
        raise NotAPlaybook(Trouble("", words))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAPlaybook(Trouble("", _("The file is not UTF-8."))) from None
    if _depth(text) > DEEPEST:
        raise NotAPlaybook(Trouble("", _("Lists and objects stand too deep in each other.")))
    try:
        said = json.loads(text, object_pairs_hook=_named_once, parse_constant=_no_number)
        json.dumps(said, ensure_ascii=False).encode()  # half of a sign that only two halves make is no text
    except (ValueError, RecursionError) as error:
        place = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NotAPlaybook(Trouble("", _("The file is no JSON.") + place)) from None
    if not isinstance(said, dict):
        raise NotAPlaybook(Trouble("", _("This is no playbook of Gensvar.")))
    return said


def _depth(text: str) -> int:
    """How deep brackets stand in each other, outside of texts; the parser would not come back from the deepest."""
    deepest = depth = 0
    in_text = escaped = False
    for sign in text:
        if in_text:
            in_text = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            in_text = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError where one name comes twice: readers would differ about what the file says."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice in one object.")
    return found


def _no_number(name: str) -> float:
    """Raises ValueError for NaN and Infinity, which are no JSON (RFC 8259 § 6)."""
    raise ValueError(name)
