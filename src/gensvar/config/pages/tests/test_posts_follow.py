"""Kept pages follow a post at once: published, said otherwise, answered by a letter; and they stand in for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from gensvar.config.pages import looking
from gensvar.config.pages.tests.scene import Web
from gensvar.core import clock, runner
from gensvar.core.models import Event
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import Post, Source
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = {"medium": "Norrviksbladet", "date": dt.date(2026, 1, 7), "url": "https://bladet.example/7"}


def published(paper: Paper) -> tuple[Post, str]:
    letter = Source.objects.create(title="Vi snöar in", quote="Ingen plogar hos oss.", **LETTER)
    post = draft(paper, title="Så plogar vi gatorna", answers=letter)
    services.publish(post, by=paper.editor)
    return post, f"/nytt/{clock.today().year}/{post.slug}"


def test_a_post_in_a_chain_is_kept_in_every_language_and_stands_in_when_the_database_is_away(
    web: Web,
) -> None:
    _post, address = published(Paper.make())
    for prefix in ("", "/en", "/ar"):
        assert "Vi snöar in" in web.get(f"{prefix}{address}").text
    made = len(web.asked)
    for prefix in ("", "/en", "/ar"):
        assert web.get(f"{prefix}{address}").status == 200
    assert len(web.asked) == made, "what is kept is not made again"
    with scene.database_away():
        assert "Vi snöar in" in web.get(address).text


def test_what_is_said_otherwise_and_what_joins_the_chain_is_seen_at_once(web: Web) -> None:
    paper = Paper.make()
    post, address = published(paper)
    assert "Först skolvägarna" in web.get(address).text
    post.lead = "Först gångvägarna."
    post.save_revision(user=paper.editor)
    services.publish(post, by=paper.editor)
    assert "Först gångvägarna." in web.get(address).text
    Source.objects.create(title="Tack för svaret", quote="Nu går det.", answers_post=post, **LETTER)
    assert "Tack för svaret" in web.get(address).text


def test_what_wagtails_own_command_shows_and_takes_away_by_the_clock_is_seen_and_gone_at_once(
    web: Web,
) -> None:
    paper = Paper.make()
    soon, past = clock.now() + dt.timedelta(hours=1), clock.now() - dt.timedelta(minutes=1)
    post = draft(paper, title="Så plogar vi gatorna", go_live_at=soon)
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    places = ("/", "/nytt", "/folj/alla.atom", f"/nytt/{clock.today().year}/{post.slug}")
    call_command("publish_scheduled")
    assert not any(post.title in web.get(place).text for place in places)
    revision = post.revisions.latest("pk")
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save()
    call_command("publish_scheduled")
    assert all(post.title in web.get(place).text for place in places)
    Post.objects.update(expire_at=past)
    call_command("publish_scheduled")
    assert not any(post.title in web.get(place).text for place in places)
    assert [one.kind for one in post.decisions.order_by("pk")] == ["published", "withdrawn"]
    assert Event.objects.filter(fact="entry_changed").count() == 2


def test_a_post_whose_time_is_over_leaves_the_kept_pages_without_a_worker_and_the_worker_writes_it_down(
    web: Web,
) -> None:
    paper, over = Paper.make(), clock.now() + dt.timedelta(hours=1)
    post = draft(paper, title="Så plogar vi gatorna", expire_at=over)
    services.publish(post, by=paper.editor)
    runner.run_waiting()
    places = ("/", "/nytt", f"/nytt/{clock.today().year}/{post.slug}")
    ends = looking.Ends()
    ends.ask()
    assert all(post.title in web.get(place).text for place in places)
    assert ends.pause == looking.STEP
    with clock.moved(over - clock.now() - dt.timedelta(seconds=0.5)):
        ends.tell()
        assert 0 < ends.pause <= 0.5, "it wakes at that very time"
    with clock.moved(dt.timedelta(hours=1)):
        assert all(post.title in web.get(place).text for place in places), "the test itself: they are kept"
        ends.tell()
        with scene.database_away():
            assert post.title in web.get(places[0]).text, "a kept page stands in for what cannot be made"
        assert not any(post.title in web.get(place).text for place in places[1:])
        ends.ask()
        assert ends.pause == looking.STEP, "nothing more to wait for"
        assert post.decisions.count() == 1
        runner.run_waiting()
        assert [one.kind for one in post.decisions.order_by("pk")] == ["published", "withdrawn"]
