"""Posts in search: found by what everybody can read of them, whatever way they come and go."""

from __future__ import annotations

import datetime as dt
import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from gensvar.core import clock
from gensvar.core.recurring import TimeCame
from gensvar.publishing import entries, index
from gensvar.publishing.posts import clockwork, finding, services
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import stage

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def titles(words: str) -> list[str]:
    return [one.post.title if one.post else "" for one in entries.search(words).entries]


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publishing_search_posts")
        return int(cursor.fetchone()[0])


def test_a_live_post_is_found_by_its_words_in_any_form_and_a_draft_by_none(paper: Paper) -> None:
    post = draft(paper)
    assert titles("skolväg") == []
    assert rows() == 0
    services.publish(post, by=paper.editor)
    for words in ("skolväg", "PLOGA", "skolvägarna resten", "plogades"):
        assert titles(words) == [post.title], words
    for other in ("skolvag", "kim", "", '" OR 1=1', "\0"):
        assert titles(other) == []


def test_an_english_post_is_found_by_all_forms_of_its_words(paper: Paper) -> None:
    services.publish(draft(paper, "Cities", lead="When are the meetings of our cities?"), by=paper.editor)
    assert titles("city meeting") == ["Cities"]


def test_what_is_withdrawn_leaves_the_index_and_comes_back_when_it_is_published_again(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    services.withdraw(post, "Fel siffra", by=paper.editor)
    assert (titles("skolvägar"), rows()) == ([], 0)
    services.publish(post, by=paper.editor)
    assert titles("skolvägar") == [post.title]
    Post.objects.filter(pk=post.pk).update(expire_at=clock.now() - dt.timedelta(seconds=1))
    assert (titles("skolvägar"), rows()) == ([], 1), "the gate goes by the clock"
    clockwork.keep_times(TimeCame("publishing.keep_times_of_posts", 10))
    assert rows() == 0


def test_a_newer_draft_of_a_live_post_finds_nothing_before_it_is_published(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    post = Post.objects.get(pk=post.pk)
    post.lead = "Hemliga renar drar plogen."
    revision = post.save_revision(user=paper.editor)
    assert (titles("ren"), titles("skolväg")) == ([], [post.title])
    revision.publish(user=paper.editor)
    assert (titles("ren"), titles("skolväg")) == ([post.title], [])


def test_a_post_whose_page_is_made_private_leaves_the_index_until_it_is_public_again(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    for page in (post, home("sv")):
        closed = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
        assert (titles("skolvägar"), rows()) == ([], 0)
        services.publish(post, by=paper.editor)
        assert rows() == 0
        closed.delete()
        assert titles("skolvägar") == [post.title]


def test_publishing_that_is_undone_leaves_nothing_to_be_found(paper: Paper) -> None:
    with transaction.atomic():
        services.publish(draft(paper), by=paper.editor)
        assert rows() == 1
        transaction.set_rollback(True)
    assert rows() == 0


def test_the_index_can_be_made_anew_and_a_migration_fills_it(paper: Paper) -> None:
    kept, gone = draft(paper), draft(paper)
    draft(paper)
    for post in (kept, gone):
        services.publish(post, by=paper.editor)
    services.withdraw(gone, "Fel", by=paper.editor)
    migration = importlib.import_module("gensvar.publishing.migrations.0019_posts_are_found")
    for fill in (finding.rebuild, lambda: migration.fill(apps, SimpleNamespace(connection=connection))):
        index.clear(index.POSTS)
        assert titles("skolvägar") == []
        fill()
        assert titles("skolvägar") == [kept.title]


def test_a_translation_is_looked_for_by_its_post_not_among_all_that_hold_the_word(paper: Paper) -> None:
    services.publish(draft(paper), by=paper.editor)
    if connection.vendor != "sqlite":
        return  # PostgreSQL chooses by what it counted
    with CaptureQueriesContext(connection) as asked:
        assert titles("skolvägar")
    (search,) = (one["sql"] for one in asked if "MATCH" in one["sql"] and "publishing_post" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {search.replace('%', '%%')}")
        plan = [row[3] for row in cursor.fetchall() if "translation_key=?" in row[3]]
    assert plan
    assert not any("rowid=?" in one for one in plan), "each would be compared with every post that was found"


def test_posts_and_answers_turn_their_pages_together_by_key(paper: Paper) -> None:
    expected = []
    for number in range(3):
        stage().publish()
        services.publish(draft(paper, f"Vi plogar {number}"), by=paper.editor)
        expected += ["", f"Vi plogar {number}"]
    seen, before = [], None
    for _ in range(3):
        page = entries.search("plogas", before, 2)
        seen += [one.post.title if one.post else "" for one in page.entries]
        before = page.next
    assert before is None
    assert seen == expected[::-1]
