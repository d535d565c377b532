"""What a municipality has taken a stand on, in a playbook: the headlines with function and topics, and not one word of the stand.

Another municipality gets drafts with a headline and nothing under it: what it stands for it must say itself, and somebody
there must stand behind it. Positions that are there already are left alone. Neighbour: services writes the draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part
from gensvar.core.playbooks.shape import Field, Record, Slug, Slugs, Text
from gensvar.people.queries import person_of
from gensvar.publishing.positions import services
from gensvar.publishing.positions.models import Position, Wording

_WORDS = "what one municipality stands for it says itself"
_WHO = "a person"
_LIFE = "when and by whom it was written and decided there"


class Positions(Part):
    """Those that the public reads and that still stand; of what is here, all that have an address."""

    name: ClassVar[str] = "positions"
    title: ClassVar[str | Promise] = _("positions")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="slug", key=True, longest=80, label=_("short name in addresses")),
        Text(name="title", longest=200, needed=True, label=_("headline")),
        Text(name="title_en", longest=200, label=_("headline in English")),
        Slug(name="function", to="functions", needed=True, label=_("function that owns it")),
        Slugs(name="topics", to="topics", label=_("topics")),
    )
    covers: ClassVar[frozenset[str]] = frozenset(
        {"publishing.Position", "publishing.Position_topics", "publishing.Wording"}
    )
    left_out: ClassVar[dict[str, str]] = {
        "publishing.Position.begun_at": _LIFE,
        "publishing.Position.begun_by": _LIFE,
        **dict.fromkeys(
            (f"publishing.Wording.{name}" for name in ("text", "text_en", "reason", "reason_en")), _WORDS
        ),
        "publishing.Wording.person": _WHO,
        **dict.fromkeys(
            (
                f"publishing.Wording.{name}"
                for name in (
                    *("position", "ends", "written_at", "written_by", "decided_at", "decided_by"),
                    *("holds_from", "told_at", "discarded_at"),
                )
            ),
            _LIFE,
        ),
    }
    screen: ClassVar[str] = "desk:position"

    def standing(self) -> Iterable[Record]:
        """All that have an address."""
        rows = (
            Position.objects.exclude(slug="")
            .select_related("function")
            .prefetch_related("topics", "wordings")
        )
        return [_record(one, list(one.wordings.all())) for one in rows]

    def given(self) -> Iterable[Record]:
        """Those that stand today."""
        newest: dict[int, Wording] = {}
        decided = Wording.objects.filter(decided_at__isnull=False, holds_from__lte=clock.now())
        for one in decided.order_by("holds_from"):
            newest[one.position_id] = one
        standing = {pk: one for pk, one in newest.items() if not one.ends}
        rows = Position.objects.filter(pk__in=standing).select_related("function").prefetch_related("topics")
        return [_record(one, [standing[one.pk]]) for one in rows]

    def fitting(self, by: User | None) -> Fitting:
        """What is here is left alone; a draft needs somebody who has begun it."""
        nobody = by is not None and person_of(by) is None

        def fit(record: Record, here: Record | None) -> Fit:
            if here is not None:
                return Fit(here)
            if nobody:
                return Fit(
                    record, refusal=gettext("Your log-in belongs to no person, and every draft needs one.")
                )
            empty = gettext("It becomes a draft with this headline. What you stand for you write yourselves.")
            return Fit(record, notes=(empty,))

        return fit

    def write(self, change: Change, by: User) -> models.Model:
        """The draft."""
        said = change.record
        return services.propose(
            said["slug"],
            (said["title"], said.get("title_en", "")),
            function=said["function"],
            about=said.get("topics", []),
            by=by,
        )


def _record(position: Position, wordings: list[Wording]) -> dict[str, Any]:
    newest = max(
        wordings,
        key=lambda one: (one.decided_at is not None, one.holds_from or one.written_at, one.pk),
        default=None,
    )
    return {
        "slug": position.slug,
        "title": newest.title if newest is not None else position.slug,
        "title_en": newest.title_en if newest is not None else "",
        "function": position.function.slug,
        "topics": sorted(one.slug for one in position.topics.all() if one.merged_into_id is None),
    }
