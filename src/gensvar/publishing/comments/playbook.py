"""The grounds of moderation in a playbook. Neighbours: models keeps each wording as it held, this ends one and begins the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part, fields_of
from gensvar.core.playbooks.shape import Field, Number, Record, Slug, Text
from gensvar.core.roles import May
from gensvar.publishing.comments.models import ModerationGround


class Grounds(Part):
    """Those that hold today."""

    name: ClassVar[str] = "moderation_grounds"
    title: ClassVar[str | Promise] = _("grounds of moderation")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="slug", key=True, label=_("short name")),
        Text(name="name", longest=200, needed=True),
        Text(name="name_en", longest=200),
        Text(name="rule", longest=200),
        Number(name="place", most=10_000, label=_("place in the list")),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"publishing.ModerationGround"})
    left_out: ClassVar[dict[str, str]] = {
        "publishing.ModerationGround.since": "it holds here from the day on which it is taken in",
        "publishing.ModerationGround.until": "what has ended is not given",
    }
    model: ClassVar[type[models.Model] | None] = ModerationGround

    def standing(self) -> Iterable[Record]:
        """Those that hold today, the newest wording of each."""
        return [fields_of(one, self.shape) for one in _holding().values()]

    def fitting(self, by: User | None) -> Fitting:
        """A wording that began today, or begins later, cannot end yesterday."""
        young = set(ModerationGround.objects.filter(since__gte=clock.today()).values_list("slug", flat=True))

        def fit(record: Record, here: Record | None) -> Fit:
            return Fit(record, refusal=_too_young() if record["slug"] in young else "")

        return fit

    def write(self, change: Change, by: User) -> models.Model:
        """What held ends with yesterday; decisions that were made by it keep it. Raises NotAllowed, ValidationError."""
        require(by, May.MANAGE_PLAYBOOKS)
        slug, today = change.record["slug"], clock.today()
        before = _holding().get(slug)
        values = fields_of(before, self.shape) if before is not None else {"slug": slug}
        row = ModerationGround(**{**values, **change.values}, since=today)
        if before is not None:
            if before.since >= today:
                raise ValidationError(_too_young())
            before.until = today - dt.timedelta(days=1)
            before.save(update_fields=["until"])
        row.full_clean()
        row.save()
        audit.note(by, "comments.ground", row, slug=slug)
        return row


def _too_young() -> str:
    return gettext("Its wording here is from today or later. Take the file in when it has held for a day.")


def _holding() -> dict[str, ModerationGround]:
    """By short name, the newest wording that holds today."""
    rows = ModerationGround.on(clock.today()).order_by("slug", "since", "pk")
    return {one.slug: one for one in rows}
