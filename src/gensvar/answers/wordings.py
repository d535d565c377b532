"""One draft open in two windows: neither text is lost, and its writer chooses.

Neighbours: drafts refuses a save that another window was before; the desk shows what is kept here.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from gensvar.answers.models import Draft, DraftFile, OtherWording
from gensvar.core import clock


def keep_aside(draft: Draft, window: str, text: str) -> None:
    """Keep what that window holds beside the draft; the window's own later words replace its earlier ones."""
    if not text.strip():
        return
    OtherWording.objects.bulk_create(
        [OtherWording(draft=draft, window=window[:20], text=text, updated_at=clock.now())],
        update_conflicts=True,
        unique_fields=["draft", "window"],
        update_fields=["text", "updated_at"],
    )


@transaction.atomic
def put_first(draft: Draft, window: str, text: str) -> Draft:
    """Let the words of that window be the draft, and lay the draft's own aside. Empty words change nothing."""
    found = _locked(draft)
    if not text.strip():
        return found
    found.other_wordings.filter(window=window).delete()
    if found.text != text:
        keep_aside(found, found.window or "-", found.text)
    return _write(found, text, window)


@transaction.atomic
def choose(draft: Draft, pk: int, how: str) -> Draft:
    """Do with another wording what its writer says: use (change places), join (after the draft's), or drop.

    One that is not there any more changes nothing.
    """
    found = _locked(draft)
    other = found.other_wordings.filter(pk=pk).first()
    if other is None or how not in {"use", "join", "drop"}:
        return found
    other.delete()
    if how == "join":
        return _write(found, f"{found.text.rstrip()}\n\n{other.text}".strip(), found.window)
    if how == "use":
        keep_aside(found, found.window or "-", found.text)
        return _write(found, other.text, other.window)
    return found


def lay_beside(draft: Draft, own: Draft, window: str) -> OtherWording:
    """Let all of a draft lie beside another of the same kind, whose writer chooses: words, files, other wordings.

    Its row goes, and with it whom it asked to sign. In the caller's transaction. A page that shows either of the two saves
    over neither.
    """
    moved = {draft.recipient, draft.subject} - {own.recipient, own.subject, ""}
    said = [part for part in (draft.recipient, draft.subject) if part in moved]
    wording = OtherWording.objects.create(
        draft=own, window=window[:20], text="\n\n".join([*said, draft.text]), updated_at=clock.now()
    )
    taken = set(own.other_wordings.values_list("window", flat=True))
    for other in draft.other_wordings.all():
        other.draft = own
        other.window = other.window if other.window not in taken else f"beside-{other.pk}"
        other.save(update_fields=["draft", "window"])
    DraftFile.objects.filter(draft=draft).update(draft=own)
    Draft.objects.filter(pk=own.pk).update(version=max(own.version, draft.version) + 1)
    Draft.objects.filter(pk=draft.pk).delete()
    return wording


def _locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)


def _write(draft: Draft, text: str, window: str) -> Draft:
    Draft.objects.filter(pk=draft.pk).update(
        text=text, window=window[:20], version=F("version") + 1, updated_at=clock.now()
    )
    draft.refresh_from_db()
    return draft
