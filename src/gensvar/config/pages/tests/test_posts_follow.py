"""Kept pages follow a post at once: published, said otherwise, answered by a letter; and they stand in for it."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.config.pages.tests.scene import Web
from gensvar.core import clock
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
