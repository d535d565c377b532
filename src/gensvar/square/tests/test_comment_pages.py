"""Every page of comments in a real browser: judged by axe-core in light and dark, wide and narrow; written by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.test_journeys import judge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"base_url": live_server.url} | options)

    return visitor


def pages(settings: LazySettings) -> list[str]:
    """A thread with an answer, a reply and a gap, and every page around it."""
    settings.GENSVAR_COMMENTS = "after"
    commented = stage.make()
    first = stage.shown(commented, "Gungan " + "knarrarochgnisslar" * 8)
    stage.shown(commented, "Det gör den.", reply_to=str(first.pk), email="cia@post.example", name="")
    gone = stage.shown(commented, "Bort med den.", email="dan@post.example", name="Dan")
    stage.shown(commented, "Varför det?", reply_to=str(gone.pk), email="eva@post.example", name="Eva")
    participant = stage.letters.writer_of(first.message)
    assert participant is not None
    said = stage.scene.answer(commented.town, participant, "Vi smörjer den på torsdag.")
    moderation.show_answer(first, said, said.text, by=commented.town.staff)
    moderation.remove(gone, stage.ground("annat-amne"), "", by=commented.town.staff)
    waiting = stage.comment(commented, "Och rutschkanan?", email="ivo@post.example", name="Ivo")
    settings.GENSVAR_COMMENTS = "before"
    return [
        commented.page,
        f"/en{commented.page}",
        commented.form,
        f"/en{commented.form}",
        f"{commented.form}?svar={first.pk}",
        "/kommentar/tack",
        stage.link_in(stage.mails(waiting)[0], "bekrafta"),
        stage.link_in(stage.mails(first)[0], "bekrafta"),
        stage.link_in(stage.mails(gone)[-1], "overklaga"),
        stage.link_in(stage.mails(gone)[-1], "overklaga") + "?ny=1",
    ]


def test_axe_finds_nothing_on_any_page_of_comments(
    visit: Callable[..., Page], axe: Callable[..., list[Any]], settings: LazySettings
) -> None:
    page = visit()
    found = {}
    paths = pages(settings)
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        found[path] = judge(page, axe)
    page.goto(paths[2])
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Inte skickat än").wait_for()
    found["errors"] = judge(page, axe)
    settings.GENSVAR_COMMENTS = "off"
    page.goto(paths[2])
    page.get_by_role("heading", name="Inga nya kommentarer här").wait_for()
    found["closed"] = judge(page, axe)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_comment_is_written_by_keyboard_alone_and_without_javascript(visit: Callable[..., Page]) -> None:
    commented = stage.make()
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(commented.form)
    page.get_by_label("Din kommentar").focus()
    page.keyboard.type("Skrivet med tangenterna")
    page.keyboard.press("Tab")
    page.keyboard.type("Bea")
    page.keyboard.press("Tab")
    page.keyboard.type("fel adress")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inte skickat än").wait_for()
    expect(page.get_by_label("Din kommentar")).to_have_value("Skrivet med tangenterna")
    page.get_by_label("Din mejladress").fill(stage.BEA)
    page.get_by_label("Din mejladress").press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vi har fått din kommentar").wait_for()
    assert page.context.cookies() == []
    stage.work()
    assert Comment.objects.get().message.text == "Skrivet med tangenterna"
