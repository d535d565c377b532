"""What waits with leavers is what a handover would move and somebody must still do: every kind, of many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import logged_in, question
from gensvar.people.handover.holding import held_by, holdings
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.posts.services import publish
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.voices.waiting import waiting_with
from tests.leaver import town_with_a_leaver

pytestmark = pytest.mark.django_db
LEAVING = "/desk/roster/om-de-slutar/"
NOTHING_TO_DO = {"functions", "owned", "deputised", "locks", "followed", "views", "outside_logins", "login"}


def of_pages(person: Person) -> list[tuple[str, int]]:
    with override("sv"):
        return [(one.title, one.count) for one in waiting_with([person]) if one.kind == "pages"]


def test_every_kind_that_waits_is_counted_and_what_is_only_held_is_not() -> None:
    town = town_with_a_leaver()
    found = {one.kind: one.count for one in waiting_with([town.kim])}
    assert found.keys() == {one.kind for one in holdings()} - NOTHING_TO_DO
    assert (found["drafts"], found["signatures"], found["asked"], found["conversations"]) == (2, 1, 2, 1)
    assert waiting_with([]) == []


def test_a_post_waits_while_it_is_a_draft_scheduled_or_changed_not_once_it_is_public_or_taken_down() -> None:
    town = town_with_a_leaver()
    paper = Paper(user_of(town.sam), town.sam, town.schools)
    editor = town.user(Role.EDITOR)
    for title in ("Ute", "Nere", "Ändrad"):
        publish(draft(paper, title, owner=user_of(town.sam)), by=editor)
    pages = {one.title: one for one in user_of(town.sam).owned_pages.all()}
    assert of_pages(town.sam) == []
    pages["Nere"].specific.unpublish()
    assert of_pages(town.sam) == []
    pages["Ändrad"].specific.save_revision(user=user_of(town.sam))
    assert of_pages(town.sam) == [("ändringar i inlägg och sidor som inte är publicerade", 1)]


def test_many_are_asked_for_as_few_times_as_one(django_assert_num_queries: Callable[[int], Any]) -> None:
    town = town_with_a_leaver()
    people = list(Person.objects.order_by("pk"))
    for holding in holdings():
        together = holding.held_by_each(people)
        for person in people:
            assert list(together.get(person.pk, [])) == list(held_by(holding, person)), holding.kind
    for several in ([town.kim], people):
        with django_assert_num_queries(21):  # one of them: since when and from whom a log-in is known
            waiting_with(several)


def test_the_page_names_each_kind_and_the_queue_that_nobody_else_sees_to() -> None:
    town = town_with_a_leaver()
    client = logged_in(town.by_role[Role.COORDINATOR])
    Conversation.objects.filter(pk=question(town.school_mailbox).pk).update(assignee=None)
    Tenure.objects.filter(person=town.robin, function=town.schools).delete()
    page = " ".join(client.get(f"{LEAVING}?person={town.kim.pk}").content.decode().split())
    assert ">Utkast till svar, anteckningar och mejl</th><td>2</td>" in page
    assert ">Svar som väntar på deras underskrift</th><td>1</td>" in page
    assert ">Frågor i anteckningar</th><td>2</td>" in page
    assert '<a href="/desk/kalender/">Schemalagda inlägg och sidor</a></th><td>1</td>' in page
    assert '<a href="/desk/ledarskap/">' in page
    assert "ligger hos Skola" not in page
    both = f"{LEAVING}?person={town.kim.pk}&person={town.sam.pk}"
    page = " ".join(client.get(both).content.decode().split())
    assert "function%3Askola" in page
    assert "Öppna samtal som ligger hos Skola och inte hos någon</a></th><td>1</td>" in page


def test_a_function_is_not_seen_to_by_somebody_who_has_left() -> None:
    town = town_with_a_leaver()
    client = logged_in(town.by_role[Role.COORDINATOR])
    ContactPoint.objects.update(deputy=None)
    Tenure.objects.filter(person=town.robin, function=town.schools).delete()
    gone = make_person("Ulf Ek", town.schools)
    address = f"{LEAVING}?person={town.sam.pk}"
    assert "<li>Skola</li>" not in client.get(address).content.decode()
    user = user_of(gone)
    user.access_until = clock.today() - (clock.today().resolution)
    user.save()
    assert "<li>Skola</li>" in client.get(address).content.decode()
