"""A guest who objects: the yes ends for all that is not public, and what is public stands until somebody decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from gensvar.core import clock
from gensvar.core.recurring import TimeCame
from gensvar.publishing.guests import agreeing, services, yeses
from gensvar.publishing.guests.models import GuestVoice, GuestYes
from gensvar.publishing.posts import gate, in_time
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.clockwork import keep_times
from gensvar.publishing.posts.guest_bylines import GuestByline
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.guests_scene import (
    TEXT,
    agreed,
    draft_of,
    published,
    wording_of,
)
from gensvar.publishing.tests.posts_scene import Paper

pytestmark = pytest.mark.django_db

State = GuestVoice.State


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def test_a_guest_who_wants_a_change_takes_the_yes_back_also_from_what_is_scheduled(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = agreed(paper)
    post = draft_of(guest)
    post.go_live_at = clock.now() + dt.timedelta(hours=1)
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    services.remark(guest, "Vänta: räcket är lagat.")
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)  # Wagtail reads Django's own clock
    keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    assert not Post.objects.get(pk=post.pk).live
    assert services.locked(guest).state == State.HANDED_IN
    assert GuestYes.objects.get().taken_back_at is not None
    (held,) = in_time.held()
    assert "om en gäst har sagt ja" in str(held), "who can act is told that it did not go public"


OBJECTIONS: list[Callable[[GuestVoice], None]] = [
    lambda guest: services.remark(guest, "Vänta: räcket är lagat."),
    lambda guest: agreeing.ask_to_leave(guest, "Jag ångrar mig."),
]


@pytest.mark.parametrize("objects", OBJECTIONS, ids=["wants a change", "wants to leave"])
def test_a_new_wording_of_what_is_public_does_not_go_out_over_the_guest_s_objection(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, objects: Callable[[GuestVoice], None]
) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    changed = draft_of(guest)
    changed.lead, changed.go_live_at = "Om bron, skrivet om.", clock.now() + dt.timedelta(hours=1)
    changed.save_revision(user=paper.editor)
    agreeing.say_yes(guest, wording_of(guest).digest)
    draft_of(guest).save_revision(user=paper.editor).publish(user=paper.editor)
    objects(services.locked(guest))
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)  # Wagtail reads Django's own clock
    keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    shown = Post.objects.get(pk=post.pk)
    assert (shown.live, shown.lead) == (True, TEXT.lead)
    assert services.locked(guest).state == State.HANDED_IN
    first, second = GuestYes.objects.order_by("pk")
    assert first.taken_back_at is None  # what everybody can read stands with its yes
    assert second.taken_back_at is not None


def test_a_remark_about_what_is_public_hides_nothing(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    services.remark(services.locked(guest), "Räcket är lagat.")
    assert gate.is_shown(post.pk)
    assert GuestYes.objects.get().taken_back_at is None


def test_a_guests_post_that_was_withdrawn_needs_a_new_yes_to_come_back(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    yeses.withdraw(post, "Fel bild", by=paper.editor)
    assert GuestByline.objects.get().agreed_to == ""
    assert GuestYes.objects.get().taken_back_at is not None
    assert services.locked(guest).state == State.HANDED_IN
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    agreeing.ask(guest, by=paper.editor)
    agreeing.say_yes(guest, wording_of(guest).digest)
    assert gate.is_shown(published(guest, paper).pk)


def test_a_withdrawal_without_a_reason_leaves_the_yes(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    with pytest.raises(NotPublishable):
        yeses.withdraw(post, " ", by=paper.editor)
    assert gate.is_shown(post.pk)
    assert GuestYes.objects.get().taken_back_at is None


def test_withdrawn_from_anywhere_a_guests_words_are_agreed_to_no_more(paper: Paper) -> None:
    guest = agreed(paper)
    posts.withdraw(published(guest, paper), "Fel bild", by=paper.editor)
    assert GuestByline.objects.get().agreed_to == ""
