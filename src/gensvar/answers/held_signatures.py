"""Signatures that a leaver is asked for and has not given: who takes one over is asked instead. Neighbours: cosigning, held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.answers.cosigning import has_signed
from gensvar.answers.models import CoSigner, Draft
from gensvar.conversations.changing import mark_anew
from gensvar.conversations.models import Mention
from gensvar.conversations.turns import turn
from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Giving, Occasion
from gensvar.people.handover.rows import Rows
from gensvar.people.models import Person


class Signatures(Rows):
    """Answers that wait for their yes. A yes to the words as they are is history: nobody else has read them for it.

    Where the writer takes it over themselves nobody is asked any longer, and they answer alone.
    """

    kind: ClassVar[str] = "signatures"
    title: ClassVar[str | Promise] = _("answers that wait for their signature")
    covers: ClassVar[frozenset[str]] = frozenset({"answers.CoSigner.person"})
    needs: ClassVar[May | None] = May.NOTE
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """All who are asked; whether they have signed what it says now is seen row by row."""
        return CoSigner.objects.select_related("draft__conversation", "draft__person").order_by("pk")

    def label(self, row: Any) -> str:
        """The conversation's number."""
        return str(row.draft.conversation.number)

    def function(self, row: Any) -> int | None:
        """That of the conversation, so that who is asked may read it."""
        found: int | None = row.draft.conversation.function_id
        return found

    def is_held(self, row: Any) -> bool:
        """Those that they have not signed, or not as the words are now."""
        return not has_signed(row)

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """The other is asked in the same note, and whatever was signed of older words falls."""
        found: dict[str, Before] = {}
        with turn():
            asked = {str(one.pk): one for one in self.locked(giving.key for giving in givings)}
            for giving in givings:
                row = asked.get(giving.key)
                if row is None or giving.to is None or row.person_id != occasion.person.pk or has_signed(row):
                    continue
                found[giving.key] = _kept(row) | {"to": giving.to.pk}
                if giving.to.pk == row.draft.person_id:
                    row.delete()
                else:
                    found[giving.key]["mention"] = _ask_too(row, giving.to, occasion)
                    CoSigner.objects.filter(pk=row.pk).update(person=giving.to, signed="", signed_at=None)
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """If who took it over has not signed, and nobody was asked anew for that draft."""
        with turn():
            kept = {name: before[name] for name in ("draft_id", "person_id", "signed")}
            times = {name: _time(before[name]) for name in ("asked_at", "signed_at")}
            if "mention" in before:
                same = CoSigner.objects.filter(
                    pk=int(key), person=before["to"], signed="", asked_at=times["asked_at"]
                )
                if not same.update(**kept, **times):
                    return False
                _ask_no_more(before["mention"])
                return True
            draft = Draft.objects.filter(pk=before["draft_id"], person=before["to"])
            if not draft.exists() or CoSigner.objects.filter(draft=before["draft_id"]).exists():
                return False
            CoSigner.objects.create(pk=int(key), **kept, **times)
            return True


def _kept(row: CoSigner) -> Before:
    return {
        "draft_id": row.draft_id,
        "person_id": row.person_id,
        "signed": row.signed,
        "asked_at": row.asked_at.isoformat(),
        "signed_at": row.signed_at.isoformat() if row.signed_at else None,
    }


def _time(iso: str | None) -> Any:
    return parse_datetime(iso) if iso else None


def _ask_too(row: CoSigner, person: Person, occasion: Occasion) -> int | None:
    """Ask in the writer's newest note that asked the leaver; the id of the mention, None where they are asked there already."""
    asked = Mention.objects.filter(
        message__conversation=row.draft.conversation_id,
        message__person=row.draft.person_id,
        person=row.person_id,
    )
    note = asked.select_related("message__conversation").order_by("-pk").first()
    if note is None:
        return None
    new, made = Mention.objects.get_or_create(
        message=note.message, person=person, defaults={"by": occasion.by}
    )
    mark_anew(note.message.conversation)
    return new.pk if made else None


def _ask_no_more(mention: int | None) -> None:
    for made in Mention.objects.select_related("message__conversation").filter(pk=mention or 0, seen_at=None):
        made.delete()
        mark_anew(made.message.conversation)
