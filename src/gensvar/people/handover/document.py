"""The document of a handover: a tagged PDF that can be archived, made outside the transaction and kept under its digest.

Made from the handover's own rows alone, so what it tells is what was done. Needs the network for nothing; its typeface
comes with the compiler. PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gensvar.core import clock, files
from gensvar.people.handover.holding import holdings
from gensvar.people.handover.models import Handover, HandoverDocument, HandoverItem
from gensvar.people.handover.states import State

SOURCE: Final = Path(__file__).parent / "data" / "handover.typ"
_SHOWN: Final = frozenset("–—‘’“”„·…€")


def document_of(handover: Handover, language: str) -> HandoverDocument:
    """The document of how the handover stands now, in Swedish or English; made when it is first asked for so, and kept.

    Raises ValueError for one that has moved nothing.
    """
    if handover.state not in {State.DONE, State.FINISHED, State.UNDONE}:
        raise ValueError("A handover has a document once it is done.")
    stands = {
        "handover": handover,
        "state": handover.state,
        "changed": handover.items.filter(changed_on__isnull=False).count(),
        "language": language,
    }
    same = HandoverDocument.objects.filter(**stands)
    if found := same.first():
        return found
    pdf = make(handover, language)
    kept = files.keep(pdf)
    try:
        with transaction.atomic():
            return HandoverDocument.objects.create(**stands, sha256=kept, size=len(pdf), made_at=clock.now())
    except IntegrityError:  # two asked at the same moment
        return same.get()


def make(handover: Handover, language: str) -> bytes:
    """The PDF."""
    import typst  # a compiler of 60 MB: loaded where it is used

    with translation.override(language):
        given = {key: _plain(value) for key, value in _content(handover, language).items()}
    made: Any = typst.compile(
        SOURCE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(given)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(clock.now().timestamp()),
    )
    return bytes(made)


def _content(handover: Handover, language: str) -> dict[str, Any]:
    return {
        "language": language,
        "title": _("Handover from %(person)s") % {"person": handover.person.name},
        "author": str(handover.reviewed_by or ""),
        "facts": list(_facts(handover)),
        "parts": list(_parts(handover)),
        "staying": _("What stays as it is, and should be known"),
        "remarks": handover.remarks.get(language, []),
        "signing": _("Signed"),
        "signatures": [
            _("Hands over: %(person)s, date") % {"person": handover.person.name},
            _("Takes over, date"),
        ],
    }


def _facts(handover: Handover) -> Iterator[str]:
    yield _("Last day: %(day)s") % {"day": date_format(handover.last_day, "j F Y")}
    if handover.reason:
        yield _("Why: %(reason)s") % {"reason": handover.reason}
    yield _("Prepared by %(person)s, %(moment)s.") % {
        "person": handover.prepared_by,
        "moment": _moment(handover.prepared_at),
    }
    yield _("Reviewed and done by %(person)s, %(moment)s.") % {
        "person": handover.reviewed_by,
        "moment": _moment(handover.done_at),
    }
    if handover.alone_because:
        yield _("Nobody else looked at it: %(reason)s") % {"reason": handover.alone_because}
    if handover.state == State.UNDONE:
        yield _("Undone by %(person)s, %(moment)s.") % {
            "person": handover.undone_by,
            "moment": _moment(handover.undone_at),
        }
    elif handover.state == State.DONE:
        yield _("Not finished: log-ins of outside places are left to change.")
    else:
        yield _("Finished %(moment)s: nothing is left that only %(person)s holds.") % {
            "moment": _moment(handover.finished_at),
            "person": handover.person.name,
        }


def _parts(handover: Handover) -> Iterator[dict[str, Any]]:
    items = list(handover.items.select_related("to", "witness"))
    for holding in holdings():
        rows = [item for item in items if item.kind == holding.kind]
        if not rows:
            continue
        columns = [_("What"), _("Who takes it over"), _("How it went")]
        if holding.witnessed:
            columns[2:] = [_("Changed on"), _("Witness")]
        yield {
            "title": str(holding.title)[:1].upper() + str(holding.title)[1:],
            "columns": columns,
            "rows": [_row(item, holding.witnessed) for item in rows],
        }


def _row(item: HandoverItem, witnessed: bool) -> list[str]:
    named = [item.label, item.to.name if item.to else _("nobody")]
    if witnessed and item.state == HandoverItem.State.GIVEN:
        day = item.changed_on.isoformat() if item.changed_on else _("not yet")
        return [*named, day, item.witness.name if item.witness else "–"]
    return [*named, item.went, *(["–"] if witnessed else [])]


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y H:i") if moment is not None else "–"


def _plain(value: Any) -> Any:
    """The same with each letter that the typeface lacks as its code point: an archive's file may miss no glyph."""
    if isinstance(value, str):
        return "".join(
            c if _is_shown(c) else f"[U+{ord(c):04X}]" for c in unicodedata.normalize("NFC", value)
        )
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _is_shown(letter: str) -> bool:
    """Latin, Greek and Cyrillic of Europe, and the marks of Swedish and English."""
    return (
        " " <= letter <= "~"
        or ("\u00a1" <= letter <= "\u017f" and letter != "\u00ad")
        or letter in _SHOWN
        or (("\u0391" <= letter <= "\u03c9" and letter != "\u03a2") or "\u0410" <= letter <= "\u044f")
    )
