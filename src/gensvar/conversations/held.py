"""What a leaver holds of conversations: those that lie with them, and questions to them in notes. Neighbour: people.handover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.conversations.asked import waiting
from gensvar.conversations.changing import mark_anew
from gensvar.conversations.models import Conversation, Mention
from gensvar.conversations.placing import place_ids
from gensvar.conversations.states import LIVE, State
from gensvar.conversations.turns import turn
from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Giving, Occasion
from gensvar.people.handover.rows import Rows


class Assigned(Rows):
    """Conversations that are open or wait for an answer of theirs; closed ones stay as they were."""

    kind: ClassVar[str] = "conversations"
    title: ClassVar[str | Promise] = _("conversations")
    covers: ClassVar[frozenset[str]] = frozenset({"conversations.Conversation.assignee"})
    needs: ClassVar[May | None] = May.ANSWER
    field: ClassVar[str] = "assignee"

    def live(self) -> QuerySet[Any]:
        """Neither closed nor merged away nor spam."""
        return Conversation.objects.filter(state__in=LIVE, merged_into__isnull=True).order_by("pk")

    def label(self, row: Any) -> str:
        """Its number alone: a document that many read repeats no words of a resident."""
        return str(row.number)

    def waits(self, row: Any) -> str | Promise:
        """For us, or for an answer of theirs."""
        return (
            _("open conversations")
            if row.state == State.OPEN
            else _("conversations that wait for an answer of theirs")
        )

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """As routing would: counted, and found by who may see it now."""
        with turn():
            return super().give(occasion, givings)

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """If it is live and lies with the same person."""
        with turn():
            return super().take_back(occasion, key, before)

    def _point(self, row: Any, target: int) -> None:
        place_ids(row.pk, function_id=row.function_id, assignee_id=target, due_at=row.due_at)


class Asked(Rows):
    """Questions in notes of live conversations: who takes over is asked too, and so sees the conversation."""

    kind: ClassVar[str] = "asked"
    title: ClassVar[str | Promise] = _("questions in notes")
    covers: ClassVar[frozenset[str]] = frozenset({"conversations.Mention.person"})
    needs: ClassVar[May | None] = May.NOTE
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """Not seen to, in a conversation that lives."""
        return waiting().select_related("message__conversation").order_by("pk")

    def label(self, row: Any) -> str:
        """The conversation's number."""
        return str(row.message.conversation.number)

    def function(self, row: Any) -> int | None:
        """That of the conversation."""
        found: int | None = row.message.conversation.function_id
        return found

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """The old question stays, as seen to: who was asked is history."""
        found: dict[str, Before] = {}
        with turn():
            mentions = {str(one.pk): one for one in self.locked(giving.key for giving in givings)}
            for giving in givings:
                mention = mentions.get(giving.key)
                if mention is None or giving.to is None or mention.person_id != occasion.person.pk:
                    continue
                new, made = Mention.objects.get_or_create(
                    message=mention.message, person=giving.to, defaults={"by": occasion.by}
                )
                Mention.objects.filter(pk=mention.pk).update(seen_at=clock.now())
                mark_anew(mention.message.conversation)
                found[giving.key] = {"made": new.pk if made else None}
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """If who took over has not seen to it."""
        with turn():
            mention = Mention.objects.select_related("message__conversation").filter(pk=int(key)).first()
            made = Mention.objects.filter(pk=before["made"] or 0, seen_at__isnull=True)
            if mention is None or (before["made"] and not made.exists()):
                return False
            made.delete()
            Mention.objects.filter(pk=mention.pk).update(seen_at=None)
            mark_anew(mention.message.conversation)
            return True
