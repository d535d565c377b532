"""Two of the staff at the same text at the same moment, on real committed rows: nobody waits for the other in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from gensvar.core import clock
from gensvar.publishing import services
from gensvar.publishing.models import PublicText
from gensvar.publishing.plans import services as plans
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage

ROUNDS = 40


@pytest.mark.django_db(transaction=True)
def test_one_approves_and_the_other_takes_it_back_without_an_end_to_either() -> None:
    staged = stage()
    exchange = services.prepare(staged.conversation, by=staged.editor)
    keys = list(exchange.texts.values_list("pk", flat=True))
    begin, faults = threading.Barrier(2), list[Exception]()

    def again_and_again(do: Callable[[PublicText], None]) -> None:
        begin.wait(120)
        try:
            for number in range(ROUNDS):
                do(PublicText.objects.get(pk=keys[number % len(keys)]))
        except Exception as error:  # the test looks at it
            faults.append(error)
        finally:
            connection.close()

    works = (
        lambda text: services.approve(text, by=staged.editor),
        lambda text: services.unapprove(text, by=staged.editor),
    )
    threads = [threading.Thread(target=again_and_again, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do them in threads that begin together; the kinds of what they raised."""
    begin, faults = threading.Barrier(len(works)), list[str]()

    def one(work: Callable[[], object]) -> None:
        begin.wait(120)
        try:
            work()
        except Exception as error:  # the test looks at it
            faults.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return faults


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_turn_one_has_it_and_the_other_is_told() -> None:
    paper, other = Paper.make(), Paper.make()
    post = draft(paper)
    faults = at_once(
        lambda: plans.plan(post, clock.today(), paper.person, seen=0, by=paper.editor),
        lambda: plans.plan(post, clock.today(), other.person, seen=0, by=other.editor),
    )
    assert faults == ["MovedMeanwhile"]
    assert PostPlan.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_the_same_post_at_once_make_one_decision_of_it() -> None:
    paper, other = Paper.make(), Paper.make()
    first = draft(paper)
    second = Post.objects.get(pk=first.pk)
    faults = at_once(
        lambda: posts.publish(first, by=paper.editor), lambda: posts.publish(second, by=other.editor)
    )
    assert faults == []
    assert Post.objects.get().live
    assert [one.kind for one in first.decisions.order_by("pk")] == ["published"]
