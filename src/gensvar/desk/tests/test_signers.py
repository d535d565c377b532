"""Editors read who signs a post and may not speak before they show it, and what they show is held no longer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from gensvar.core import clock
from gensvar.core.models import Event
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import user_of
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Byline, Post, PostHold
from gensvar.publishing.tests.posts_scene import Paper, draft

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SILENT = "i vårt namn i dag: Robin Öst"


@pytest.fixture
def paper(town: Town) -> Paper:
    return Paper(user_of(town.robin), town.robin, town.streets)


def has_left(paper: Paper) -> None:
    Tenure.objects.filter(person=paper.person).update(ends=clock.today() - DAY)


@pytest.mark.parametrize("days", [None, 2])
def test_the_editors_own_button_ends_a_hold_and_tells_who_keeps_the_new_time(
    town: Town, paper: Paper, days: int | None
) -> None:
    post = draft(paper)
    PostHold.objects.create(post=post, due_at=clock.now())
    at = (clock.now() + days * DAY).replace(second=0, microsecond=0) if days else None
    form = {
        "title": post.title,
        "slug": post.slug,
        "lead": post.lead,
        "body-count": "0",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "1",
        "bylines-0-id": str(Byline.objects.get(post=post.pk).pk),
        "bylines-0-person": str(town.robin.pk),
        "bylines-0-function": str(town.streets.pk),
        "bylines-0-ORDER": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "go_live_at": f"{at:%Y-%m-%d %H:%M}" if at else "",
        "action-publish": "action-publish",
    }
    logged_in(town.robin).post(f"/desk/pages/{post.pk}/edit/", form)
    assert Post.objects.get(pk=post.pk).live is (at is None)
    assert not PostHold.objects.exists()
    assert Event.objects.filter(fact="post_timed").count() == (1 if at else 0)


def test_a_change_of_what_is_public_says_who_signs_it_newly(town: Town, paper: Paper) -> None:
    post = draft(paper, signed=False)
    post.bylines = [Byline(guest="Anna Lind", function=paper.function)]
    posts.publish(post, by=paper.editor)
    has_left(paper)
    client, edit = logged_in(town.robin), f"/desk/pages/{post.pk}/edit/"
    assert SILENT not in client.get(edit).content.decode()
    post.bylines = [Byline(person=paper.person, function=paper.function)]
    post.save_revision(user=paper.editor)
    assert SILENT in client.get(edit).content.decode()

    for number, way in enumerate(("publish_copies", "alias")):
        form = {
            "new_title": "En till",
            "new_slug": f"en-till-{number}",
            "new_parent_page": post.get_parent().pk,
        }
        client.post(f"/desk/pages/{post.pk}/copy/", form | {way: "on"})
    assert not Post.objects.filter(title="En till", live=True).exists(), "a copy is said anew"
    assert Post.objects.filter(title="En till", alias_of=None).count() == 2


def test_who_approves_from_a_list_is_led_to_the_editor_first(town: Town, paper: Paper) -> None:
    post = draft(paper)
    workflow = post.get_workflow()
    assert workflow is not None
    state = workflow.start(post, user_of(town.kim))
    has_left(paper)
    approve = reverse(
        "wagtailadmin_pages:workflow_action", args=[post.pk, "approve", state.current_task_state.pk]
    )
    edit, client = f"/desk/pages/{post.pk}/edit/", logged_in(town.robin)
    asked = client.get(approve, headers={"X-Requested-With": "XMLHttpRequest"})  # for a comment, by script
    assert asked.json() == {"step": "success", "redirect": edit}
    led = client.post(approve, {"comment": ""}, follow=True)
    assert led.redirect_chain == [(edit, 302)]
    assert SILENT in led.content.decode()
    assert "Inget är godkänt än." in led.content.decode()
    assert not Post.objects.get(pk=post.pk).live
    Tenure.objects.filter(person=paper.person).update(ends=None)
    client.post(approve, {"comment": ""})
    assert Post.objects.get(pk=post.pk).live


def test_many_are_published_at_once_but_what_is_held_or_signed_by_nobody_who_may_speak(
    town: Town, paper: Paper
) -> None:
    ours, held, silent, unsigned = draft(paper), draft(paper), draft(paper), draft(paper, signed=False)
    later = draft(paper, go_live_at=clock.now() + dt.timedelta(days=2))
    PostHold.objects.create(post=held, due_at=clock.now())
    client = logged_in(town.robin)
    home = ours.get_parent()
    ids = "".join(f"&id={one.pk}" for one in (ours, held, silent, later, home))
    many = f"/desk/bulk/wagtailcore/page/publish/?next=/desk/pages/{home.pk}/{ids}"
    assert SILENT not in client.get(many).content.decode()
    Tenure.objects.filter(person=town.robin, function=town.schools).delete()
    newly = Post.objects.get(pk=silent.pk)
    newly.bylines = [Byline(person=town.robin, function=town.schools)]
    newly.save_revision(user=paper.editor)
    asked = client.get(many).content.decode()
    assert "Publiceras inte med de andra" in asked
    assert SILENT in asked
    assert "hålls kvar" in asked
    alone = client.get(f"/desk/bulk/wagtailcore/page/publish/?next=/desk/pages/{home.pk}/&id={silent.pk}")
    assert "Publiceras inte från listan" in alone.content.decode()

    refused = client.post(f"{many}&id={unsigned.pk}", {"include_descendants": "on"}, follow=True)
    assert "Inget publicerades." in refused.content.decode()
    assert not Post.objects.filter(live=True).exists()

    done = client.post(many, {"include_descendants": "on"}, follow=True).content.decode()
    assert list(Post.objects.filter(live=True)) == [ours]
    assert PostHold.objects.exists()
    assert "2 sidor har publicerats · 1 sida visas när dess tid kommer" in done
    assert SILENT in done
