"""Tells by mail that a post did not go public at its time: whoever tends it, editors of its functions, and coordinators.

Its headline is not in it: a guest may have written it, and nothing that a resident wrote leaves the desk. Neighbours:
holds holds it, in_time says why, answers.queueing puts the notice into the one outbox.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers.notices import address_of, put
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core import times
from gensvar.core.roles import Role
from gensvar.people.access import with_access
from gensvar.people.models import Person
from gensvar.people.queries import tenures_on
from gensvar.publishing.posts.events import PostHeld
from gensvar.publishing.posts.holds import names_in
from gensvar.publishing.posts.in_time import Held, held


def tell_held(fact: PostHeld) -> None:
    """Handler: queue a notice for each of them who may log in; none where it was decided about meanwhile."""
    place = speaking(mail(), None)
    found = held(fact.post_id)
    if not found or place is None:
        return
    readers: dict[str, list[Person]] = {}
    for person in _who_can_act(found[0]):
        if address_of(person) and person.user is not None:
            readers.setdefault(person.user.language, []).append(person)
    for language, persons in readers.items():
        with override(language):
            for one in held(fact.post_id):  # anew: days and names are said in each language
                words = _words(one)
                for person in persons:
                    put(person, place, *words)


def _who_can_act(one: Held) -> QuerySet[Person]:
    """Whoever tends it, those who hold a function that it is signed for and may publish, and who holds it all together."""
    wording = one.post.latest_revision
    functions = {function for _person, function in names_in(wording)} if wording is not None else set()
    here = tenures_on().filter(function__in=functions).values("person")
    publishes = with_access().filter(groups__name=Role.EDITOR.value)
    coordinates = with_access().filter(groups__name=Role.COORDINATOR.value)
    who = Q(user=one.post.owner_id or 0) | Q(pk__in=here, user__in=publishes) | Q(user__in=coordinates)
    return Person.objects.filter(who).select_related("user").order_by("pk")


def _words(one: Held) -> tuple[str, str]:
    """Subject and text of the notice."""
    about = {"time": times.said(one.due_at), "who": one.who}
    why = (
        _("A post was to go public %(time)s and is held: %(who)s may not speak in our name now.")
        if one.who
        else _("A post was to go public %(time)s and is held, since it cannot be shown as it stands.")
    )
    what = _("See who signs it, then publish it or set a new time:")
    link = settings.GENSVAR_URL + reverse("wagtailadmin_pages:edit", args=[one.post.pk])
    return _("A post did not go public at its time"), f"{why % about}\n\n{what}\n{link}"
