"""Guests whom a leaver looks after and whose text is not settled. Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.roles import May
from gensvar.people.handover.rows import Rows
from gensvar.publishing.guests.models import GuestVoice


class Guests(Rows):
    """Whoever takes one over reads what the guest writes, and signs the mails to them."""

    kind: ClassVar[str] = "guests"
    title: ClassVar[str | Promise] = _("guests who write for us")
    covers: ClassVar[frozenset[str]] = frozenset({"publishing.GuestVoice.host"})
    needs: ClassVar[May | None] = May.PUBLISH
    field: ClassVar[str] = "host"

    def live(self) -> QuerySet[Any]:
        """Those who may still write, wait for us, are published or want to leave; not those who were let go."""
        gone = Q(state=GuestVoice.State.TAKEN_BACK)
        return GuestVoice.objects.exclude(gone).order_by("pk")

    def waits(self, row: Any) -> str | Promise:
        """Not one who let the last day pass, nor one who is published and stays."""
        stays = row.told_at is not None and row.leaves_at is None
        return "" if stays or row.has_ended else self.title
