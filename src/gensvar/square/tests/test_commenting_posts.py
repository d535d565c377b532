"""Comments under posts: the same as under public answers, routed to the function of the post's contact box or first byline."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.people.models import Function
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.comments_scene import Commented

pytestmark = pytest.mark.django_db


@pytest.fixture
def commented() -> Commented:
    return stage.make()


def published(paper: Paper, **fields: object) -> Post:
    """A post that everybody reads."""
    post = draft(paper, **fields)  # type: ignore[arg-type]
    post.get_latest_revision().publish(user=paper.editor)
    found: Post = Post.objects.get(pk=post.pk)
    return found


def comment(commented: Commented, post: Post) -> Comment:
    """Bea writes under it."""
    sent = stage.filled(commented, stage.SANDBOX, comment_on=f"post {key(post)}")
    assert Client().post(f"{post.url}/kommentera", sent).status_code == 303
    stage.work()
    return Comment.objects.latest("pk")


def key(post: Post) -> str:
    """Year and slug, as its address says them."""
    return str(post.url).removeprefix("/nytt/")


def test_a_comment_under_a_post_is_confirmed_read_and_shown_there(commented: Commented) -> None:
    paper = Paper.make()
    post = published(paper)
    assert f"{post.url}/kommentera" in Client().get(post.url).content.decode()
    one = comment(commented, post)
    assert (one.on_kind, one.on_key) == ("post", key(post))
    assert one.message.conversation.function == paper.function
    assert one.message.conversation.linked_from is None
    assert stage.SANDBOX not in Client().get(post.url).content.decode()
    moderation.show(stage.confirm(one), by=commented.rut)
    assert stage.SANDBOX in Client().get(post.url).content.decode()
    assert stage.SANDBOX not in stage.page(commented), "under its own page only"


def test_the_contact_box_says_who_gets_the_comments(commented: Commented) -> None:
    paper = Paper.make()
    schools = Function.objects.create(slug="skola", name="Skola")
    commented_by = Paper.make()  # somebody holds it
    commented_by.person.tenures.update(function=schools)
    post = published(paper, body=[("contact", {"function": "skola", "text": ""})])
    assert comment(commented, post).message.conversation.function == schools


def test_a_withdrawn_post_takes_no_comments_and_shows_none(commented: Commented) -> None:
    paper = Paper.make()
    post = published(paper)
    one = stage.confirm(comment(commented, post))
    moderation.show(one, by=commented.rut)
    Post.objects.get(pk=post.pk).unpublish()
    answer = Client().get(post.url)
    assert answer.status_code == 410
    assert stage.SANDBOX not in answer.content.decode()
    assert Client().get(f"{post.url}/kommentera").status_code == 404
    assert Client().get("/nytt/2026/finns-inte/kommentera").status_code == 404
    assert Client().get("/fragor/2026-999999/kommentera").status_code == 404
