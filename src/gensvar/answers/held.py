"""Drafts of a leaver: whoever takes one over goes on writing it; where both wrote, both texts are kept. Neighbour: drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.answers.models import Draft, DraftFile, OtherWording
from gensvar.answers.wordings import lay_beside
from gensvar.conversations.turns import take_turn
from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Giving, Occasion
from gensvar.people.handover.rows import Rows

_KEPT = ("conversation_id", "person_id", "function_id", "contact_point_id", "kind", "subject", "recipient")
_KEPT_TOO = ("text", "version", "window")


class Drafts(Rows):
    """What somebody was writing and had not sent."""

    kind: ClassVar[str] = "drafts"
    title: ClassVar[str | Promise] = _("drafts of answers, notes and mails")
    covers: ClassVar[frozenset[str]] = frozenset({"answers.Draft.person"})
    needs: ClassVar[May | None] = May.NOTE
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """All of them: a draft that is sent is no row any more."""
        return Draft.objects.select_related("conversation").order_by("pk")

    def label(self, row: Any) -> str:
        """What it is and where."""
        where = row.conversation.number if row.conversation is not None else row.pk
        return f"{row.get_kind_display()} {where}"

    def function(self, row: Any) -> int | None:
        """That of the conversation, else that in whose name it was begun."""
        found: int | None = row.conversation.function_id if row.conversation is not None else row.function_id
        return found

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """The row itself goes over, or its words lie beside the draft that the other has of the same kind."""
        found: dict[str, Before] = {}
        take_turn()  # before the drafts, as whoever sends one does
        drafts = {str(one.pk): one for one in self.locked(giving.key for giving in givings)}
        for giving in givings:
            draft = drafts.get(giving.key)
            if draft is None or giving.to is None or draft.person_id != occasion.person.pk:
                continue
            own = Draft.objects.filter(
                person=giving.to, conversation_id=draft.conversation_id, kind=draft.kind
            ).first()
            if own is None:
                Draft.objects.filter(pk=draft.pk).update(person=giving.to)
                found[giving.key] = {"to": giving.to.pk, "from": draft.person_id, "version": draft.version}
            else:
                found[giving.key] = _lay_beside(draft, own)
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """If not a letter of it has been changed since."""
        take_turn()
        if "wording" in before:
            return _take_from_beside(int(key), before)
        same = Draft.objects.filter(pk=int(key), person=before["to"], version=before["version"])
        draft = same.select_for_update(of=("self",)).first()
        if draft is None:
            return False
        # By the value: the first word has no conversation, and NULL is in no list.
        taken = Draft.objects.filter(
            person=before["from"], conversation=draft.conversation_id, kind=draft.kind
        )
        return not taken.exists() and same.update(person_id=before["from"]) > 0


def _lay_beside(draft: Draft, own: Draft) -> Before:
    """One's words as another wording of the other's draft, which they choose from; the files go along."""
    kept: Before = {name: getattr(draft, name) for name in (*_KEPT, *_KEPT_TOO)}
    kept["updated_at"] = timezone.localtime(draft.updated_at, timezone.get_default_timezone()).isoformat()
    files = list(draft.files.values_list("pk", flat=True))
    others = list(draft.other_wordings.values_list("pk", flat=True))
    wording = lay_beside(draft, own, f"handover-{draft.pk}")
    return {
        "wording": wording.pk,
        "text": wording.text,
        "draft": kept,
        "files": files,
        "others": others,
        "own": own.pk,
    }


def _take_from_beside(pk: int, before: Before) -> bool:
    wording = OtherWording.objects.filter(pk=before["wording"], text=before["text"]).first()
    kept = dict(before["draft"])
    same = Draft.objects.filter(
        person_id=kept["person_id"], conversation_id=kept["conversation_id"], kind=kept["kind"]
    )
    if wording is None or same.exists():
        return False
    kept["updated_at"] = parse_datetime(kept["updated_at"])
    draft = Draft.objects.create(pk=pk, **kept)
    DraftFile.objects.filter(pk__in=before["files"], draft_id=before["own"]).update(draft=draft)
    OtherWording.objects.filter(pk__in=before["others"], draft_id=before["own"]).update(draft=draft)
    wording.delete()
    return True
