"""The vocabulary of topics: made, renamed and merged by administrators; a word that is used is never taken away.

Neighbours: conversations, exchanges and posts point at topics; their rows move along when two topics become one.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gensvar.core import audit
from gensvar.core.access import require
from gensvar.core.models import Topic, User
from gensvar.core.roles import May


def in_use() -> QuerySet[Topic]:
    """The words that may be chosen, by name: all but those that became another."""
    return Topic.objects.filter(merged_into=None)


def find(slug: str) -> Topic | None:
    """The topic of that short name; one that was merged gives the one that lives on."""
    found = Topic.objects.select_related("merged_into").filter(slug=slug).first()
    seen: set[int] = set()
    while found is not None and found.merged_into is not None and found.pk not in seen:
        seen.add(found.pk)
        found = found.merged_into
    return found


def uses(topic: Topic) -> int:
    """How many rows of any room say this topic, those included that were merged into it."""
    return sum(
        relation.related_model._default_manager.filter(**{relation.field.name: topic}).count()
        for relation in _relations()
    )


def counted() -> list[tuple[Topic, int]]:
    """Every topic that may be chosen, by name, with how often it is used; as many queries as there are kinds of rows."""
    counts: dict[int, int] = {}
    for relation in _relations():
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{name}__isnull": False}).order_by()
        for pk, times in rows.values_list(f"{name}__pk").annotate(times=Count("pk")):
            counts[pk] = counts.get(pk, 0) + times
    return [(topic, counts.get(topic.pk, 0)) for topic in in_use()]


@transaction.atomic
def save_topic(topic: Topic, *, by: User) -> Topic:
    """Store a new or changed word. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_TOPICS)
    topic.full_clean()
    topic.save()
    audit.note(by, "topics.saved", topic, slug=topic.slug)
    return topic


@transaction.atomic
def merge_topics(topic: Topic, into: Topic, *, by: User) -> None:
    """Let one word become another: whatever said the first says the second, and its old address leads there.

    Raises NotAllowed, and ValidationError for a word and itself.
    """
    require(by, May.MANAGE_TOPICS)
    if topic.pk == into.pk or into.merged_into_id is not None or topic.merged_into_id is not None:
        raise ValidationError(_("Choose another topic that is in use. Nothing was changed."))
    for relation in _relations():
        rows = relation.related_model._default_manager.filter(**{relation.field.name: topic})
        if not relation.many_to_many:
            rows.update(**{relation.field.name: into})
            continue
        through: Any = relation.through
        ours, theirs = relation.field.m2m_field_name(), relation.field.m2m_reverse_field_name()
        have = through._default_manager.filter(**{theirs: into}).values(f"{ours}_id")
        said = through._default_manager.filter(**{theirs: topic})
        said.filter(**{f"{ours}_id__in": list(have.values_list(f"{ours}_id", flat=True))}).delete()
        through._default_manager.filter(**{theirs: topic}).update(**{theirs: into})
    topic.merged_into = into
    topic.save(update_fields=["merged_into"])
    audit.note(by, "topics.merged", topic, into=into.slug)


@transaction.atomic
def delete_topic(topic: Topic, *, by: User) -> None:
    """Take away a word that nothing says. Raises NotAllowed, and ValidationError for one that is used."""
    require(by, May.MANAGE_TOPICS)
    if uses(topic):
        raise ValidationError(
            _("%(topic)s is used, and so it stays. Merge it into another topic instead.") % {"topic": topic}
        )
    audit.note(by, "topics.deleted", topic, slug=topic.slug)
    topic.delete()


def _relations() -> list[Any]:
    """Everything of any room that points at topics."""
    return list(Topic._meta.related_objects)
