"""Who writes how much of what we tell, and who could write instead: counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_absence, make_function, make_person, user_of
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Byline, Post
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.voices import writers
from gensvar.voices.models import LastAnswer, WritingLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def streets() -> Function:
    return make_function("Gata & park")


@pytest.fixture
def chief(streets: Function) -> Person:
    return make_person("Chefen", streets, roles=(Role.COORDINATOR,))


def limit(chief: Person, percent: int = 40, days: int = 90) -> WritingLimit:
    return writers.set_limit(percent, days, by=user_of(chief))


def told(streets: Function, *persons: Person, days_ago: int = 0, **fields: Any) -> Post:
    """A post that these persons signed, published so many days ago."""
    paper = Paper(user_of(persons[0]), persons[0], streets)
    post = draft(paper, signed=False, **fields)
    post.bylines = [Byline(person=one, function=streets) for one in persons]
    editor = make_person("Red", roles=(Role.EDITOR,))
    posts.publish(post, by=user_of(editor))
    if days_ago:
        Post.objects.filter(pk=post.pk).update(first_published_at=clock.now() - dt.timedelta(days=days_ago))
    return post


def test_a_share_is_the_posts_that_somebody_signed_of_those_that_any_of_ours_signed(
    streets: Function, chief: Person
) -> None:
    kim = make_person("Kim Ek", streets)
    for _number in range(3):
        told(streets, chief)
    told(streets, chief, kim)
    told(streets, kim)
    told(streets, chief, days_ago=91)  # before the period
    draft(Paper(user_of(kim), kim, streets))  # a draft is nobody's share
    said = writers.written(limit(chief))
    assert (said.posts, dict(said.by)) == (5, {chief.pk: 4, kim.pk: 2})
    assert said.share(chief.pk) == 0.8
    assert said.is_much(chief.pk)
    assert not said.is_much(kim.pk), "40 of 100 is no more than 40"


def test_what_waits_for_its_time_counts_too(streets: Function, chief: Person) -> None:
    kim = make_person("Kim Ek", streets)
    for _number in range(4):
        told(streets, kim)
    post = draft(Paper(user_of(chief), chief, streets))
    post.go_live_at = clock.now() + dt.timedelta(days=200)
    post.save_revision().publish()
    said = writers.written(limit(chief))
    assert (said.posts, dict(said.by)) == (5, {kim.pk: 4, chief.pk: 1})


def test_of_a_few_posts_nothing_is_said(streets: Function, chief: Person) -> None:
    for _number in range(writers.FEWEST - 1):
        told(streets, chief)
    assert not writers.written(limit(chief)).is_much(chief.pk)
    told(streets, chief)
    assert writers.written(limit(chief)).is_much(chief.pk)


def test_who_could_write_instead_knows_the_topic_writes_little_and_is_there(
    streets: Function, chief: Person
) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    schools = make_function("Skola")
    kim, lo = make_person("Kim Ek", streets), make_person("Lo Ask", schools)
    bo, away = make_person("Bo Ask", streets), make_person("Ada Ek", schools)
    holds, stranger = make_person("Ove Ek", streets), make_person("Eva Ek", schools)
    make_person("Alma Ark", streets, roles=(Role.REGISTRAR,))  # has no role that writes posts
    place = make_contact_point(streets)
    for person, days in ((kim, 3), (lo, 9), (bo, 1), (away, 1)):
        LastAnswer.objects.create(
            contact_point=place,
            person=person,
            topics=f",{snow.pk},",
            day=clock.today() - dt.timedelta(days=days),
        )
    make_absence(away)
    for _number in range(5):
        told(streets, chief)
    told(streets, bo)
    said = writers.written(limit(chief))
    (found,) = writers.remarks(said, [chief.pk, kim.pk], {streets.pk}, {snow.pk})
    assert (found.person, found.posts, found.of, found.percent) == (chief, 5, 6, 83)
    # Kim and Lo answered and wrote nothing, Kim later; Bo wrote one. Ove holds the function but never answered.
    assert [one.name for one in found.others] == ["Kim Ek", "Lo Ask", "Bo Ask"]
    without = writers.others(said, [chief.pk], {streets.pk}, ())
    assert [one.name for one in without] == ["Kim Ek", "Ove Ek", "Bo Ask"]
    assert stranger not in without
    assert holds in without


def test_only_who_holds_it_together_sets_the_limit_and_nought_lifts_it(
    streets: Function, chief: Person
) -> None:
    kim = make_person("Kim Ek", streets)
    with pytest.raises(NotAllowed):
        limit(kim)
    for percent, days in ((101, 90), (-1, 90), (40, 6), (40, 731)):
        with pytest.raises(ValueError, match="per cent"):
            limit(chief, percent, days)
    assert writers.limit_now() is None
    limit(chief)
    assert writers.limit_now() is not None
    limit(chief, 0)
    assert writers.limit_now() is None
    assert WritingLimit.objects.count() == 2
