"""Comments under posts: the same as under public answers, routed to the function of the post's contact box or first byline."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.test import Client

from gensvar.people.models import Function
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment, CommentsClosed
from gensvar.publishing.comments.pages import page_of
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.comments_scene import Commented

pytestmark = pytest.mark.django_db


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


def test_a_translation_with_the_same_slug_has_a_thread_of_its_own(commented: Commented) -> None:
    paper = Paper.make()
    post = published(paper, slug="plogen")
    english = post.copy_for_translation(home("en").locale)
    assert english.slug == post.slug, "as Wagtail makes it"
    english.title = "The plough"
    services.publish(english, by=paper.editor)
    client, swedish = Client(), comment(commented, post)
    moderation.show(stage.confirm(swedish), by=commented.rut)
    form = client.get(f"{english.url}/kommentera").content.decode()
    assert "The plough" in form
    assert f'value="post en/{key(post)}"' in form
    sent = stage.filled(commented, "Thanks for it", comment_on=f"post en/{key(post)}", language="en")
    assert client.post(f"{english.url}/kommentera", sent).status_code == 303
    stage.work()
    other = Comment.objects.latest("pk")
    moderation.show(stage.confirm(other), by=commented.rut)
    pages = client.get(post.url).content.decode(), client.get(english.url).content.decode()
    assert [stage.SANDBOX in page for page in pages] == [True, False]
    assert ["Thanks for it" in page for page in pages] == [False, True]
    found = client.get("/sok?q=thanks").content.decode()
    assert f'href="{english.url}#kommentar-{other.pk}"' in found
    moderation.close_page(other, by=commented.rut)
    services.withdraw(post, "Fel", by=paper.editor)
    assert page_of("post", swedish.on_key) is None, "the translation does not answer for it"
    assert client.get(f"{english.url}/kommentera").status_code == 403
    # As both lay under one key before keys named the language, and lie again where somebody goes back.
    step = importlib.import_module("gensvar.publishing.migrations.0031_comments_in_their_language")
    step.name_no_languages(apps, None)
    assert {*Comment.objects.values_list("on_key", flat=True)} == {key(post)}
    assert [*CommentsClosed.objects.values_list("on_key", flat=True)] == [key(post)]
    step.name_languages(apps, None)
    assert [*Comment.objects.order_by("pk").values_list("on_key", flat=True)] == [
        key(post),
        f"en/{key(post)}",
    ]
    assert {*CommentsClosed.objects.values_list("on_key", flat=True)} == {key(post), f"en/{key(post)}"}
    for one in (swedish, other):
        WordAbout.objects.create(message=one.message, why="question", on_kind="post", on_key=key(post))
    step = importlib.import_module("gensvar.publishing.migrations.0032_words_about_posts_in_their_language")
    for _again in range(2):
        step.name_languages(apps, None)
        step.name_no_languages(apps, None)
        assert {*WordAbout.objects.values_list("on_key", flat=True)} == {key(post)}
    step.name_languages(apps, None)
    assert [*WordAbout.objects.order_by("pk").values_list("on_key", flat=True)] == [
        key(post),
        f"en/{key(post)}",
    ]


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
