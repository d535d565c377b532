"""A colleague answers a letter to the editor in a post with every kind of part; an editor approves it; everybody reads it.

All of it in Wagtail's own editor, under a policy that runs no inline script and takes no inline style.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper
from gensvar.publishing.tests.scene import member
from tests.journeys.steps import is_saved

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Wagtail leaves an uploaded picture and its renditions open until they are collected.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Enter = Callable[..., "Page"]
LETTER, TITLE = "Vi snöar in", "Så plogar vi i vinter"


def writes_down_the_letter(page: Page) -> None:
    page.goto("/desk/kallor/")
    page.get_by_role("link", name="Lägg till källa").first.click()
    page.locator("#id_title").fill(LETTER)
    page.locator("#id_medium").fill("Norrviksbladet")
    page.locator("#id_writer").fill("Trött i Sörby")
    page.locator("#id_date").fill("2026-01-07")
    page.locator(".xdsoft_datetimepicker:visible").wait_for()
    page.locator("#id_quote").click()
    page.locator(".xdsoft_datetimepicker:visible").wait_for(state="hidden")
    page.locator("#id_quote").fill("Ingen plogar hos oss.")
    page.get_by_role("button", name="Spara").first.click()
    page.wait_for_url("**/publishing/source/", wait_until="commit")


def chooses(page: Page, button: str, name: str) -> None:
    # Leaving the field before, a mouse can move the button away under itself; a key presses where the focus is.
    page.get_by_role("button", name=button).last.press("Enter")
    page.get_by_role("link", name=name).click()
    page.locator(".modal").first.wait_for(state="hidden")


def adds(page: Page, part: str) -> None:
    page.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option", name=part).click()


def types(page: Page, words: str) -> None:
    page.locator(".DraftEditor-root [contenteditable]").last.click()
    page.keyboard.type(words)


def uploads_picture(page: Page) -> None:
    out = io.BytesIO()
    Image.new("RGB", (640, 400), (40, 90, 70)).save(out, "JPEG")
    page.get_by_role("button", name="Välj en bild").last.click()
    page.get_by_role("tab", name="Ladda upp").click()
    page.locator(".modal input[type=file]").set_input_files(
        {"name": "plog.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    )
    page.locator(".modal [name$=title]").fill("Plogen")
    page.locator(".modal button[type=submit]").last.click()
    page.locator(".modal").first.wait_for(state="hidden")
    page.locator("[name$=-alternative]").last.fill("En gul plog")


def writes_the_post(page: Page) -> None:
    page.goto("/desk/inlagg/")
    page.get_by_role("link", name="Lägg till undersida").first.click()
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_lead").fill("Skolvägarna först.")
    for number, name in enumerate(("Bo Ask", "Kim Ek")):
        page.locator("#id_bylines-ADD").click()
        page.locator(f"#id_bylines-{number}-person").select_option(label=name)
        page.locator(f"#id_bylines-{number}-function").select_option(index=1)
    chooses(page, "Välj källa", LETTER)
    adds(page, "Text")
    types(page, "Först skolvägar, sedan resten.")
    adds(page, "Bild")
    uploads_picture(page)
    adds(page, "Citat")
    page.locator("[name^=body-2][name$=-text]").fill("Det snöar.")
    chooses(page, "Välj källa", LETTER)
    adds(page, "Faktaruta")
    page.locator("[name^=body-3][name$=heading]").fill("Plogarna")
    types(page, "Sju bilar.")
    adds(page, "Kontaktruta")
    page.locator("[name^=body-4][name$=function]").select_option(index=1)
    page.locator("#id_topics").select_option(label="Snö")


def looks_at_the_preview(page: Page) -> None:
    page.get_by_role("button", name="Växla förhandsgranskning").click()
    seen = page.frame_locator("iframe").first.locator("main")
    for words in (TITLE, "Bo Ask", "Ingen plogar hos oss.", "Sju bilar."):
        seen.get_by_text(words).first.wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('iframe')].some(frame =>"
        " frame.contentDocument?.querySelector('img[alt=\"En gul plog\"]')?.naturalWidth > 0)"
    )


@pytest.mark.one_database
def test_a_letter_is_answered_in_a_post_that_another_approves(
    enter: Enter, live_server: LiveServer, open_page: Callable[..., Page], complaints: list[str]
) -> None:
    paper = Paper.make()
    writer = member("bo@norrvik.example", Role.ANSWERER)
    Person.objects.create(user=writer, name="Bo Ask", shown=True)
    Topic.objects.create(slug="sno", name="Snö")

    page = enter(writer)
    writes_down_the_letter(page)
    writes_the_post(page)
    looks_at_the_preview(page)
    is_saved(page)
    page.get_by_role("button", name="Fler åtgärder").click()
    page.get_by_role("button", name="Lämna in till Granskning").click()
    page.wait_for_url("**/desk/pages/*/", wait_until="commit")
    page.goto("about:blank")  # the list that comes then is not looked at
    post = Post.objects.get()
    assert not post.live

    page = enter(paper.editor, at=page)
    page.goto(f"/desk/pages/{post.pk}/edit/")
    page.get_by_role("button", name="Fler åtgärder").click()
    page.get_by_role("button", name="Godkänn och Publicera").first.click()
    page.wait_for_url("**/desk/pages/*/", wait_until="commit")
    page.goto("about:blank")
    assert complaints == []

    reader = open_page(base_url=live_server.url)
    reader.goto("/nytt")
    reader.get_by_role("link", name=TITLE).click()
    for words in (LETTER, "Ingen plogar hos oss.", "Först skolvägar", "Det snöar.", "Plogarna", "Snö"):
        reader.get_by_text(words).first.wait_for()
    for name in ("Bo Ask", "Kim Ek"):
        expect(reader.locator(".facts").first).to_contain_text(name)
    reader.get_by_alt_text("En gul plog").wait_for()
