"""Plans for drafts and the days of scheduled posts: moved with the hour kept, never over another's change, never once public."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import Event
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.publishing.plans import services
from gensvar.publishing.plans.held import Plans
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.clockwork import keep_times
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import member

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def at(days: int, hour: int = 9) -> dt.datetime:
    """That hour of the municipality's clock, so many days ahead."""
    return dt.datetime.combine(clock.today() + dt.timedelta(days=days), dt.time(hour), tzinfo=HERE)


def scheduled(paper: Paper, when: dt.datetime) -> Post:
    post = draft(paper)
    post.go_live_at = when
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    return post


def go_live_at(post: Post) -> dt.datetime:
    revision = services.scheduled(post.pk)
    assert revision is not None
    found: dt.datetime | None = revision.approved_go_live_at
    assert found is not None
    return found.astimezone(HERE)


def test_a_draft_gets_a_day_and_whose_turn_it_is(paper: Paper) -> None:
    post, day = draft(paper), clock.today()
    first = services.plan(post, day, paper.person, seen=0, by=paper.editor)
    second = services.plan(post, None, paper.person, seen=first.version, by=paper.editor)
    assert (second.day, second.person, second.version) == (None, paper.person, 2)
    assert PostPlan.objects.count() == 1


def test_who_saw_an_older_plan_overwrites_nothing(paper: Paper) -> None:
    post = draft(paper)
    services.plan(post, clock.today(), None, seen=0, by=paper.editor)
    with pytest.raises(services.MovedMeanwhile):
        services.plan(post, None, None, seen=0, by=paper.editor)
    assert PostPlan.objects.get().day == clock.today()


def test_what_is_published_is_neither_planned_nor_moved(paper: Paper) -> None:
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    with pytest.raises(NotPublishable):
        services.plan(post, clock.today(), None, seen=0, by=paper.editor)
    with pytest.raises(services.MovedMeanwhile):
        services.move_scheduled(post.pk, clock.today(), seen=at(1), by=paper.editor)


def test_writers_plan_their_own_drafts_alone(paper: Paper) -> None:
    bo = member("bo@norrvik.example", Role.ANSWERER)
    with pytest.raises(NotAllowed):
        services.plan(draft(paper), clock.today(), None, seen=0, by=bo)
    assert services.plan(draft(paper, owner=bo), clock.today(), None, seen=0, by=bo).version == 1


def test_a_scheduled_post_moves_to_another_day_at_the_same_hour_also_into_summer_time(paper: Paper) -> None:
    year = clock.today().year + 1
    winter = dt.datetime(year, 3, 1, 9, 30, tzinfo=HERE)
    post = scheduled(paper, winter)
    services.move_scheduled(post.pk, dt.date(year, 7, 1), seen=winter, by=paper.editor)
    told = Event.objects.filter(fact="post_timed").order_by("run_at").values_list("run_at", flat=True)
    assert list(told) == [winter, dt.datetime(year, 7, 1, 9, 30, tzinfo=HERE)], "a worker looks at each time"
    assert go_live_at(post) == dt.datetime(year, 7, 1, 9, 30, tzinfo=HERE)
    with clock.moved(winter - clock.now() + dt.timedelta(days=1)):
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
        assert not Post.objects.get(pk=post.pk).live
    assert Post.objects.get(pk=post.pk).go_live_at == go_live_at(post)


def test_a_move_over_somebody_elses_move_or_into_the_past_is_refused(paper: Paper) -> None:
    post = scheduled(paper, at(2))
    services.move_scheduled(post.pk, at(4).date(), seen=at(2), by=paper.editor)
    with pytest.raises(services.MovedMeanwhile):
        services.move_scheduled(post.pk, at(6).date(), seen=at(2), by=paper.editor)
    with pytest.raises(NotPublishable):
        services.move_scheduled(post.pk, at(-1).date(), seen=at(4), by=paper.editor)
    assert go_live_at(post) == at(4)


def test_a_newer_draft_is_kept_when_the_scheduled_one_moves(paper: Paper) -> None:
    post = scheduled(paper, at(2))
    newer = post.get_latest_revision_as_object()
    newer.title = "Nyare rubrik"
    newer.save_revision(user=paper.editor)
    services.move_scheduled(post.pk, at(4).date(), seen=at(2), by=paper.editor)
    latest = Post.objects.get(pk=post.pk).get_latest_revision_as_object()
    assert latest.title == "Nyare rubrik"
    assert latest.go_live_at == at(4)
    moved = services.scheduled(post.pk)
    assert moved is not None
    assert moved.content["title"] == "Så plogar vi"


def test_a_moved_post_goes_live_at_its_new_time(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    post = scheduled(paper, at(2))
    services.move_scheduled(post.pk, at(1).date(), seen=at(2), by=paper.editor)
    later = at(1, 10)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)  # Wagtail reads Django's own clock
    keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    assert Post.objects.get(pk=post.pk).live


def test_what_was_public_and_is_withdrawn_is_planned_by_nobody(paper: Paper) -> None:
    post = draft(paper)
    services.plan(post, clock.today(), paper.person, seen=0, by=paper.editor)
    assert Plans().live().count() == 1
    posts.publish(post, by=paper.editor)
    posts.withdraw(post, "Fel siffra", by=paper.editor)
    assert Plans().live().count() == 0
    with pytest.raises(NotPublishable):
        services.plan(post, clock.today(), None, seen=1, by=paper.editor)


def test_a_post_is_not_moved_to_when_it_is_to_be_shown_no_longer(paper: Paper) -> None:
    post = draft(paper)
    post.go_live_at, post.expire_at = at(2), at(4)
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    for day in (4, 5):
        with pytest.raises(NotPublishable) as refused:
            services.move_scheduled(post.pk, at(day).date(), seen=at(2), by=paper.editor)
        assert not isinstance(refused.value, services.MovedMeanwhile)
    assert go_live_at(post) == at(2)
    services.move_scheduled(post.pk, at(3).date(), seen=at(2), by=paper.editor)
    assert go_live_at(post) == at(3)
