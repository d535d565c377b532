"""The topics in a playbook. Neighbour: core.topics, which writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core import topics
from gensvar.core.models import Topic, User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part, fields_of, filled
from gensvar.core.playbooks.shape import Field, Record, Slug, Text


class Topics(Part):
    """Words that became another stay as ours have it."""

    name: ClassVar[str] = "topics"
    title: ClassVar[str | Promise] = _("topics")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="slug", key=True, label=_("short name in addresses")),
        Text(name="name", longest=80, needed=True),
        Text(name="name_en", longest=80),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"core.Topic"})
    left_out: ClassVar[dict[str, str]] = {
        "core.Topic.merged_into": "what a word became is a matter of the words that had it"
    }
    screen: ClassVar[str] = "desk:topic"
    model: ClassVar[type[models.Model] | None] = Topic

    def standing(self) -> Iterable[Record]:
        """All that may be chosen."""
        return [fields_of(one, self.shape) for one in topics.in_use()]

    def targets(self) -> Iterable[str]:
        """Also those that became another: whoever names them gets the other."""
        return Topic.objects.values_list("slug", flat=True)

    def fitting(self, by: User | None) -> Fitting:
        """One that became another here stays so."""
        gone = Topic.objects.exclude(merged_into=None).select_related("merged_into")
        became = {one.slug: str(one.merged_into) for one in gone}

        def fit(record: Record, here: Record | None) -> Fit:
            if record["slug"] not in became:
                return Fit(record)
            said = gettext("Here this word has become “%(topic)s”.")
            return Fit(record, refusal=said % {"topic": became[record["slug"]]})

        return fit

    def write(self, change: Change, by: User) -> models.Model:
        """By the vocabulary's own service."""
        slug = change.record["slug"]
        row = Topic.objects.filter(slug=slug).first() or Topic(slug=slug)
        return topics.save_topic(filled(row, change.values), by=by)
