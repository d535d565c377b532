"""Nobody speaks in our name after their last day: by the clock no post goes public under a name that may not speak then."""

from __future__ import annotations

import datetime as dt
from unittest.mock import Mock

import pytest
from django.core.management import call_command

from gensvar.answers.models import Delivery
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, runner
from gensvar.core.models import AuditEntry, User
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import make_person
from gensvar.publishing.guests.services import take_back
from gensvar.publishing.plans.services import move_scheduled, plan, scheduled
from gensvar.publishing.posts import held_notices, in_time, services
from gensvar.publishing.posts.clockwork import keep_times
from gensvar.publishing.posts.events import PostHeld
from gensvar.publishing.posts.held import signed_in_advance
from gensvar.publishing.posts.models import Byline, Post, PostHold
from gensvar.publishing.tests.guests_scene import draft_of, handed_in
from gensvar.publishing.tests.posts_scene import Paper, draft, home

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SOON = 3 * DAY


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def in_three_days(paper: Paper, post: Post | None = None) -> Post:
    """A post that goes live by the clock then, signed by Kim."""
    post = post or draft(paper, "Isen bär")
    post.go_live_at = clock.now() + SOON
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    return post


def its_time_comes() -> None:
    with clock.moved(SOON + dt.timedelta(minutes=1)):
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))


def leaves(paper: Paper, last_day: dt.date) -> None:
    Tenure.objects.filter(person=paper.person).update(kind=Tenure.Kind.EXTERNAL, ends=last_day)


def mailed() -> list[str]:
    """To whom, and nothing of what the post says."""
    with clock.moved(SOON + dt.timedelta(minutes=2)):
        runner.run_waiting(network=False)
    notices = Delivery.objects.filter(kind=Delivery.Kind.NOTICE).order_by("recipient")
    assert all("Isen bär" not in one.subject + one.text and "Kim Ek" in one.text for one in notices)
    return [one.recipient for one in notices]


def test_a_post_is_held_after_the_last_day_of_who_signs_it_and_those_are_told_who_can_act(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contact_point(paper.function, address="gata@norrvik.example")
    tends = make_person("Bo Berg", roles=(Role.ANSWERER,), email="bo@norrvik.example")
    make_person("Eva Ed", paper.function, roles=(Role.EDITOR,), email="eva@norrvik.example")
    make_person("Ali Al", roles=(Role.EDITOR,), email="ali@norrvik.example")  # of another function
    make_person("Cia Co", roles=(Role.COORDINATOR,), email="cia@norrvik.example")
    User.objects.filter(person__name="Eva Ed").update(language="en")
    asked = Mock(side_effect=in_time.held)
    monkeypatch.setattr(held_notices, "held", asked)
    post = in_three_days(paper, draft(paper, "Isen bär", owner=tends.user))
    leaves(paper, clock.today() + 2 * DAY)
    its_time_comes()
    its_time_comes()  # it is held once
    assert not Post.objects.get(pk=post.pk).live
    assert scheduled(post.pk) is None, "an editor may write on it"
    assert AuditEntry.objects.filter(action="posts.held").count() == 1
    assert mailed() == ["bo@norrvik.example", "cia@norrvik.example", "eva@norrvik.example"]
    assert asked.call_count == 1 + 2, "once for each language, however many read it"
    assert "A post was" in Delivery.objects.get(recipient="eva@norrvik.example").text

    with clock.moved(SOON):
        assert "Kim Ek (Gata & park till och med" in str(in_time.held(post.pk)[0])
    signed = Post.objects.get(pk=post.pk).get_latest_revision_as_object()
    signed.bylines = [Byline(guest="Kim Ek", function=paper.function)]
    signed.go_live_at = None
    services.publish(signed, by=paper.editor)
    assert in_time.held() == []


def test_wagtails_own_command_holds_it_too(paper: Paper) -> None:
    post = in_three_days(paper)
    leaves(paper, clock.today() - DAY)
    scheduled_for = clock.now() - dt.timedelta(minutes=1)
    post.revisions.update(approved_go_live_at=scheduled_for)
    call_command("publish_scheduled")
    assert not Post.objects.get(pk=post.pk).live
    assert PostHold.objects.get().due_at == scheduled_for


def test_until_its_time_the_tenures_as_they_stand_then_decide(paper: Paper) -> None:
    post = in_three_days(paper)
    leaves(paper, clock.today() + 2 * DAY)
    revision = scheduled(post.pk)
    assert revision is not None
    (said,) = in_time.who_is_silent([revision]).values()
    assert said.startswith("Kim Ek (Gata & park till och med")
    leaves(paper, (clock.now() + SOON).date() + DAY)  # a wrong day was corrected
    assert in_time.who_is_silent([revision]) == {}
    with pytest.MonkeyPatch.context() as patched:
        later = clock.now() + SOON + dt.timedelta(minutes=1)
        patched.setattr("django.utils.timezone.now", lambda: later)  # Wagtail reads Django's own clock
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    assert Post.objects.get(pk=post.pk).live
    leaves(paper, clock.today() - DAY)  # and another correction takes nothing back that was said
    assert Post.objects.get(pk=post.pk).live


def test_what_was_said_in_time_may_be_mended_and_translated_later(paper: Paper) -> None:
    post = draft(paper, "Isen bär")
    services.publish(post, by=paper.editor)
    mended = in_three_days(paper, post)
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "The ice holds", "the-ice-holds"
    in_three_days(paper, english)
    leaves(paper, clock.today())
    times = [one for one in (scheduled(mended.pk), scheduled(english.pk)) if one is not None]
    assert len(times) == 2
    assert in_time.who_is_silent(times) == {}


def test_what_was_withdrawn_and_written_anew_is_signed_anew_by_nobody_who_has_left(paper: Paper) -> None:
    post, untouched = draft(paper, "Isen bär"), draft(paper, "Isen bar")
    for one in (post, untouched):
        services.publish(one, by=paper.editor)
        services.withdraw(one, "Fel siffra", by=paper.editor)
    assert signed_in_advance(paper.person, clock.today()) == []
    post = in_three_days(paper, Post.objects.get(pk=post.pk))
    leaves(paper, clock.today())
    (said,) = signed_in_advance(paper.person, clock.today())
    assert "”Isen bär” skulle bli offentligt" in said
    its_time_comes()
    assert not Post.objects.get(pk=post.pk).live
    assert [one.post.pk for one in in_time.held()] == [post.pk]


def test_a_hold_ends_when_its_draft_gets_a_day_or_its_guest_is_let_go(paper: Paper) -> None:
    planned = in_three_days(paper)
    leaves(paper, clock.today())
    guest = handed_in(paper)
    text = draft_of(guest)
    text.revisions.update(approved_go_live_at=clock.now() + SOON)
    its_time_comes()
    assert [one.post.pk for one in in_time.held()] == [planned.pk, text.pk]
    plan(planned, clock.today(), None, seen=0, by=paper.editor)
    take_back(guest, by=paper.editor)
    assert in_time.held() == []


def test_a_guest_who_is_let_go_before_the_time_comes_leaves_nothing_to_be_held(paper: Paper) -> None:
    guest = handed_in(paper)
    text = draft_of(guest)
    text.revisions.update(approved_go_live_at=clock.now() + SOON)
    take_back(guest, by=paper.editor)
    its_time_comes()
    assert in_time.held() == []


@pytest.mark.parametrize("by_command", [False, True])
def test_the_end_of_what_is_shown_decides_nothing_about_what_is_held(paper: Paper, by_command: bool) -> None:
    post = draft(paper, "Isen bär")
    services.publish(post, by=paper.editor)
    PostHold.objects.create(post=post, due_at=clock.now())
    Post.objects.update(expire_at=clock.now() - dt.timedelta(minutes=1))
    if by_command:
        call_command("publish_scheduled")
    else:
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    assert not Post.objects.get(pk=post.pk).live
    assert [one.post.pk for one in in_time.held()] == [post.pk]
    services.publish(Post.objects.get(pk=post.pk), by=paper.editor)
    assert in_time.held() == []


def test_a_time_that_was_moved_at_that_very_moment_stands(paper: Paper) -> None:
    post = in_three_days(paper)
    seen = scheduled(post.pk)
    assert seen is not None
    assert seen.approved_go_live_at is not None
    leaves(paper, clock.today() - DAY)
    day = clock.today() + 9 * DAY
    at = move_scheduled(post.pk, day, seen=seen.approved_go_live_at, by=paper.editor)
    seen.publish(log_action="wagtail.publish.scheduled")  # as the clock had read it before
    assert in_time.held() == []
    stands = scheduled(post.pk)
    assert stands is not None
    assert stands.approved_go_live_at == at


def test_nobody_is_told_of_what_was_decided_while_the_notices_were_written(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contact_point(paper.function, address="gata@norrvik.example")
    make_person("Cia Co", roles=(Role.COORDINATOR,), email="cia@norrvik.example")
    post = in_three_days(paper)
    leaves(paper, clock.today())
    its_time_comes()
    found = [in_time.held(post.pk), []]
    monkeypatch.setattr(held_notices, "held", lambda _post_id: found.pop(0) if found else [])
    held_notices.tell_held(PostHeld(post.pk))
    assert not Delivery.objects.filter(kind=Delivery.Kind.NOTICE).exists()
