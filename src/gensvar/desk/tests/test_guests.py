"""The screens about guests: invited, written with, asked, published by the ordinary editor, let go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.tests.factories import user_of
from gensvar.publishing.guests import agreeing, services
from gensvar.publishing.guests.models import GuestVersion, GuestVoice
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Byline, Post
from gensvar.publishing.tests.guests_scene import TEXT, agreed, draft_of, handed_in, invite, wording_of
from gensvar.publishing.tests.posts_scene import Paper, home
from gensvar.voices import writers
from gensvar.voices.models import SaidDay, SaidWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(town: Town) -> Paper:
    return Paper(user_of(town.robin), town.robin, town.streets)


def act(town: Town, guest: GuestVoice, action: str, **fields: Any) -> HttpResponse:
    """Press a button of its screen."""
    path = f"/desk/gaster/{guest.pk}/"
    return logged_in(town.robin).post(path, {"action": action, **fields}, follow=True)  # type: ignore[return-value]


def test_an_editor_invites_and_others_may_not(town: Town) -> None:
    form = {
        "name": "Anna Lind",
        "email": "anna@example.org",
        "kind": "resident",
        "about": "Bron vid kvarnen",
        "language": "sv",
        "last_day": (clock.today() + dt.timedelta(days=9)).isoformat(),
        "function": town.streets.pk,
    }
    assert logged_in(town.kim).post("/desk/gaster/ny/", form).status_code == 403
    client = logged_in(town.robin)
    wrong = client.post("/desk/gaster/ny/", form | {"email": "gata@norrvik.example"})
    assert "Skriv gästens egen mejladress." in wrong.content.decode()
    answer = client.post("/desk/gaster/ny/", form)
    guest = GuestVoice.objects.get()
    assert answer["Location"] == f"/desk/gaster/{guest.pk}/"
    assert guest.host == town.robin
    assert "Anna Lind" in client.get("/desk/gaster/?queue=theirs").content.decode()


def test_the_editor_writes_a_turn_and_a_lost_race_shows_both(town: Town, paper: Paper) -> None:
    guest = invite(paper)
    services.write(guest, TEXT, seen=0)
    fields = {"text-title": "Bron", "text-lead": TEXT.lead, "text-text": TEXT.text}
    assert "Versionen är sparad" in act(town, guest, "write", **fields, **{"text-seen": 1}).content.decode()
    lost = act(
        town, guest, "write", **fields | {"text-title": "Min bro"}, **{"text-seen": 1}
    ).content.decode()
    assert "sparade under tiden" in lost
    assert 'value="Min bro"' in lost
    assert 'name="text-seen" value="2"' in lost
    assert GuestVersion.objects.filter(aside=True).count() == 1


def test_each_step_says_what_is_next(town: Town, paper: Paper) -> None:
    guest = handed_in(paper)
    page = act(town, guest, "remark", **{"remark-words": "Fin text"}).content.decode()
    assert "gästen har lämnat in" in page
    assert (
        "<p>Varje dag går jag över bron.<br>- räcket<br>- isen</p>" in page
    )  # in lines, as it would be shown
    assert "tillfrågats om ett ja" in act(town, guest, "ask").content.decode()
    other = agreed(paper, email="bo@example.org", name="Bo")
    page = logged_in(town.robin).get(f"/desk/gaster/{other.pk}/").content.decode()
    assert "Gästen har sagt ja till den här lydelsen." in page
    post = draft_of(other)
    post.title = "Annan rubrik"
    post.save_revision()
    page = logged_in(town.robin).get(f"/desk/gaster/{other.pk}/").content.decode()
    assert "Texten ändrades efter gästens ja." in page
    assert "Inbjudan är återtagen" in act(town, other, "take_back").content.decode()


def test_wagtails_editor_refuses_in_words_what_the_guest_has_not_agreed_to(town: Town, paper: Paper) -> None:
    guest = handed_in(paper)
    client = logged_in(town.robin)
    path = f"/desk/pages/{guest.post_id}/edit/"
    fields = {
        "title": TEXT.title,
        "slug": "bron-vi-gar-over",
        "lead": TEXT.lead,
        "body-count": "0",
        "bylines-TOTAL_FORMS": "0",
        "bylines-INITIAL_FORMS": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "action-publish",
    }
    refused = client.post(path, fields)
    assert "Gästen har inte sagt ja till just den här lydelsen." in refused.content.decode()
    assert not Post.objects.get().live


def test_a_review_shows_what_was_agreed_to_and_says_why_it_does_not_show_the_rest(
    town: Town, paper: Paper
) -> None:
    guest = agreed(paper)
    post = Post.objects.get(pk=guest.post_id)
    workflow = post.get_workflow()
    assert workflow is not None
    state = workflow.start(post, user_of(town.kim))
    changed = draft_of(guest)
    changed.lead = "Annan ingress."
    changed.save_revision(user=user_of(town.robin))
    client = logged_in(town.robin)
    approve = reverse(
        "wagtailadmin_pages:workflow_action", args=[post.pk, "approve", state.current_task_state.pk]
    )
    refused = client.post(approve, {"comment": ""}, follow=True)
    assert "Gästen har inte sagt ja till just den här lydelsen." in refused.content.decode()
    assert not Post.objects.get(pk=post.pk).live
    agreeing.say_yes(guest, wording_of(guest).digest)
    client.post(approve, {"comment": ""})
    assert Post.objects.get(pk=post.pk).live


def test_the_list_costs_the_same_however_many_there_are(
    town: Town, paper: Paper, django_assert_num_queries: Callable[..., Any]
) -> None:
    handed_in(paper)
    client = logged_in(town.by_role[Role.EDITOR])
    client.get("/desk/gaster/")
    with django_assert_num_queries(LIST):
        client.get("/desk/gaster/")
    for number in range(3):
        handed_in(paper, email=f"gast{number}@example.org", name=f"Gäst {number}")
    with django_assert_num_queries(LIST):
        client.get("/desk/gaster/")


LIST = 12


def test_a_guest_is_counted_among_nobodys_voices(town: Town, paper: Paper) -> None:
    posts.publish(draft_of(agreed(paper)), by=paper.editor)
    limit = writers.set_limit(30, 90, by=town.user(Role.COORDINATOR))
    assert writers.written(limit).posts == 0
    for counted in (SaidWord, SaidDay):
        assert not counted.objects.exists()


def test_withdrawn_at_the_desk_the_guests_yes_is_over(town: Town, paper: Paper) -> None:
    guest = agreed(paper)
    posts.publish(draft_of(guest), by=paper.editor)
    logged_in(town.robin).post(f"/desk/pages/{guest.post_id}/unpublish/", {"reason": "Fel bild"})
    assert not Post.objects.get(pk=guest.post_id).live
    assert guest.yeses.get().taken_back_at is not None
    assert "gästen har lämnat in" in logged_in(town.robin).get(f"/desk/gaster/{guest.pk}/").content.decode()


def test_the_editor_refuses_in_words_a_guests_text_in_another_language(town: Town, paper: Paper) -> None:
    guest = agreed(paper)
    posts.publish(draft_of(guest), by=paper.editor)
    english = Post.objects.get(pk=guest.post_id).copy_for_translation(home("en").locale)
    fields = {
        "title": "The bridge",
        "slug": "the-bridge",
        "lead": "On the bridge.",
        "body-count": "0",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "0",
        "bylines-0-person": str(town.robin.pk),
        "bylines-0-function": str(town.streets.pk),
        "bylines-0-ORDER": "1",
        "action-publish": "action-publish",
    }
    refused = logged_in(town.robin).post(f"/desk/pages/{english.pk}/edit/", fields)
    assert "Det här har en gäst skrivit." in refused.content.decode()
    assert not Post.objects.get(pk=english.pk).live


def test_the_editor_asks_for_the_yes_to_who_signs_too_as_it_stands_in_the_form(
    town: Town, paper: Paper
) -> None:
    guest = handed_in(paper)
    post = draft_of(guest)
    post.body = []
    post.save_revision()
    agreeing.say_yes(guest, wording_of(guest).digest)
    client = logged_in(town.robin)
    path = f"/desk/pages/{guest.post_id}/edit/"
    fields = {
        "title": TEXT.title,
        "slug": post.slug,
        "lead": TEXT.lead,
        "body-count": "0",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "0",
        "bylines-0-person": str(town.robin.pk),
        "bylines-0-function": str(town.streets.pk),
        "bylines-0-ORDER": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    refused = client.post(path, fields | {"action-publish": "action-publish"})
    assert "Gästen har inte sagt ja till just den här lydelsen." in refused.content.decode()
    assert client.post(path, fields).status_code == 302
    agreeing.say_yes(guest, wording_of(guest).digest)
    kept = {"bylines-INITIAL_FORMS": "1", "bylines-0-id": str(Byline.objects.get().pk)}
    client.post(path, fields | kept | {"action-publish": "action-publish"})
    shown = Post.objects.get(pk=guest.post_id)
    assert shown.live
    assert [one.person for one in shown.bylines.all()] == [town.robin]
