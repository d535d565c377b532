"""A kind remark to somebody who writes much, with who else could write this one. It never stops anybody.

By name it is said to the one whom it is about and to those who see everybody's share; neighbours: voices.writers counts,
wagtail_hooks shows it in the editor.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import user_of
from gensvar.people.models import Person
from gensvar.people.queries import person_of
from gensvar.publishing.posts.models import Post
from gensvar.voices import writers
from gensvar.voices.writers import Remark


class LimitForm(forms.Form):
    """The share above which a remark is made."""

    percent = forms.IntegerField(
        label=gettext_lazy("most per cent of the posts by one person"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("0 means that nothing is remarked."),
    )
    days = forms.IntegerField(label=gettext_lazy("in so many days"), min_value=7, max_value=730, initial=90)


def limit_form(user: User, data: Any = None) -> LimitForm | None:
    """The form, filled with the limit that holds, for those who set it."""
    if not user.may(May.SEE_VOICES):
        return None
    limit = writers.limit_now()
    first = {"percent": limit.percent if limit else 0, "days": limit.days if limit else 90}
    return LimitForm(data, initial=first)


def for_calendar(user: User) -> list[str]:
    """What is to be remarked to this reader; a few queries, however many there are."""
    limit = writers.limit_now()
    if limit is None:
        return []
    said, own = writers.written(limit), person_of(user)
    persons = _seen_by(user, own, said.by.keys())
    much = [pk for pk in sorted(persons) if said.is_much(pk)]
    if not much:
        return []
    functions, topics = writers.about(much, limit)
    return [sentence(one, own) for one in writers.remarks(said, much, functions, topics)]


def in_editor(request: HttpRequest, page: Any) -> None:
    """Hook of the page editor: says it above the form of a post, when the form is opened."""
    limit = writers.limit_now() if request.method == "GET" and isinstance(page, Post) else None
    if limit is None:
        return
    user = user_of(request)
    own = person_of(user)
    draft = page.get_latest_revision_as_object()
    bylines = list(draft.bylines.all())
    persons = _seen_by(user, own, {one.person_id for one in bylines if one.person_id})
    if not persons:
        return
    found = writers.remarks(
        writers.written(limit),
        sorted(persons),
        {one.function_id for one in bylines},
        {one.pk for one in draft.topics.all()},
    )
    for one in found:
        messages.info(request, sentence(one, own))


def sentence(one: Remark, own: Person | None) -> str:
    """The remark in words."""
    values = {
        "name": one.person.name,
        "posts": one.posts,
        "of": one.of,
        "percent": one.percent,
        "days": one.limit.days,
        "limit": one.limit.percent,
    }
    is_own = own is not None and own.pk == one.person.pk
    if is_own:
        said = _(
            "You have signed %(posts)d of our %(of)d posts: %(percent)d %%. We aim at no more than %(limit)d %% in %(days)d days."
        )
    else:
        said = _(
            "%(name)s has signed %(posts)d of our %(of)d posts: %(percent)d %%. We aim at no more than %(limit)d %% in %(days)d days."
        )
    if not one.others:
        return said % values
    instead = ngettext(
        "Perhaps this person could write this one: %(names)s.",
        "Perhaps one of these could write this one: %(names)s.",
        len(one.others),
    )
    return f"{said % values} {instead % {'names': ', '.join(other.name for other in one.others)}}"


def _seen_by(user: User, own: Person | None, persons: Any) -> set[int]:
    """Those of these persons (ids) of whom this reader may hear."""
    if user.may(May.SEE_VOICES):
        return set(persons)
    return {own.pk} & set(persons) if own is not None else set()
