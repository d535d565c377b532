"""Two colleagues review a post with comments at its fields, and two who write at once lose none of their words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect
from wagtail.models import Comment, PageSubscription

from gensvar.answers.models import Delivery
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import member
from tests.journeys.steps import is_saved

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser import Violation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Enter = Callable[..., "Page"]
Axe = Callable[["Page"], "list[Violation]"]
ASKED, ANSWERED = "Vilka skolvägar menar du?", "De i Sörby."
LEAD = "[data-contentpath=lead]"
# What comes from Wagtail's own editor with a thread of comments open, by rule and element; nothing else is excused.
WAGTAIL = {("label-content-name-mismatch", 'button[aria-label="Växla kommentarer"]')}


def written() -> tuple[Paper, User, Post]:
    """An editor, a colleague who writes, and the colleague's draft."""
    make_contact_point(make_function("Information", coordinates=True), address="kommun@norrvik.example")
    paper, writer = Paper.make(), member("bo@norrvik.example", Role.ANSWERER)
    Person.objects.create(user=writer, name="Bo Ask", shown=True)
    post = draft(paper, owner=writer)
    PageSubscription.objects.create(page=post, user=writer, comment_notifications=True)
    return paper, writer, post


def opens(page: Page, post: Post) -> None:
    page.goto(f"/desk/pages/{post.pk}/edit/")


def comments_of(page: Page) -> Locator:
    """The panel of comments, opened."""
    page.get_by_role("button", name="Växla kommentarer").click()
    return page.locator("#comments")


def saves(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Spara utkast").first.click()


def sends(page: Page, name: str) -> None:
    """Press a button among the further ones of a post."""
    # By key: while the editor saves by itself its footer moves, and a mouse has missed the button.
    page.get_by_role("navigation", name="sidfot").get_by_role("button", name="Fler åtgärder").press("Enter")
    page.get_by_role("button", name=name).first.press("Enter")


def is_done(page: Page) -> None:
    """The step is taken; the list of posts that comes then is not looked at."""
    page.wait_for_url("**/desk/pages/*/", wait_until="commit")
    page.goto("about:blank")


def nobody_outside_reads_it(client: Client, post: Post) -> None:
    """Not a word of the comments stands where the post does."""
    at = Post.objects.get().first_published_at
    assert at is not None
    for address in (f"/nytt/{at.year}/{post.slug}", "/nytt", "/folj/alla.atom", "/sok?q=skolvägar"):
        said = client.get(address).content.decode()
        assert post.slug in said
        assert ASKED not in said
        assert ANSWERED not in said


def changes_it_and_has_it_published(writer: User, editor: User) -> None:
    """Whoever wrote it reads what is asked for; the rest goes as in `test_a_post_is_written_and_shown`."""
    client, post = Client(), Post.objects.get()
    client.force_login(writer)
    seen = client.get(f"/desk/pages/{post.pk}/edit/").content.decode()
    for words in ("Skriv vilka skolvägar.", "Skicka igen till Granskning"):
        assert words in seen
    changed = post.get_latest_revision_as_object()
    changed.lead = "Först skolvägarna i Sörby."
    changed.save_revision(user=writer)
    post.current_workflow_state.resume(user=writer)
    post = Post.objects.get()
    post.current_workflow_task_state.approve(user=editor)
    assert Post.objects.get().live


def test_a_post_is_commented_on_answered_settled_sent_back_and_published(
    enter: Enter, client: Client, settings: Any, complaints: list[str], axe: Axe
) -> None:
    settings.EMAIL_BACKEND = "gensvar.desk.staff_mail.OutboxBackend"
    paper, writer, post = written()
    kim = enter(paper.editor)
    opens(kim, post)
    panel = comments_of(kim)
    kim.locator(LEAD).get_by_role("button", name="Lägg till kommentar").focus()
    kim.keyboard.press("Enter")
    expect(panel.locator("textarea")).to_be_focused()
    kim.keyboard.type(ASKED)
    with kim.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url):
        panel.get_by_role("button", name="Kommentar", exact=True).press("Enter")

    is_saved(kim)
    opens(bo := enter(writer, at=kim), post)
    panel = comments_of(bo)
    expect(panel).to_contain_text(ASKED)
    bo.locator(f"{LEAD} .w-field__comment-button--reveal").press("Enter")
    panel.get_by_placeholder("Skriv ditt svar...").fill(ANSWERED)
    assert {(one.rule, one.element) for one in axe(bo)} - WAGTAIL == set()
    panel.get_by_role("button", name="Svara").click()
    is_saved(bo)
    sends(bo, "Lämna in till Granskning")
    is_done(bo)

    opens(kim := enter(paper.editor, at=bo), post)
    panel = comments_of(kim)
    expect(panel).to_contain_text(ANSWERED)
    kim.locator(f"{LEAD} .w-field__comment-button--reveal").press("Enter")
    panel.get_by_role("button", name="Fler åtgärder").first.click()
    panel.get_by_role("menuitem", name="Lös").click()
    is_saved(kim)
    sends(kim, "Begär ändringar")
    kim.locator(".modal textarea").fill("Skriv vilka skolvägar.")
    kim.locator(".modal [type=submit]").click()
    is_done(kim)
    assert Comment.objects.get().resolved_by == paper.editor
    changes_it_and_has_it_published(writer, paper.editor)
    assert complaints == []
    nobody_outside_reads_it(client, post)
    mailed = {
        (one.recipient, word)
        for one in Delivery.objects.all()
        for word in (ASKED, ANSWERED)
        if word in one.text
    }
    assert {("bo@norrvik.example", ASKED), (paper.editor.email, ANSWERED)} <= mailed


def test_of_two_who_write_at_once_the_second_is_told_and_the_words_of_both_are_kept(
    enter: Enter, complaints: list[str]
) -> None:
    paper, writer, post = written()
    kim, bo = enter(paper.editor), enter(writer)
    opens(bo, post)
    opens(kim, post)
    expect(kim.get_by_role("button", name=f"{writer.email} - Tittar just nu", exact=True)).to_be_visible()
    kim.locator("#id_lead").fill("Kims ingress.")
    saves(kim)
    bo.locator("#id_lead").fill("Bos ingress.")
    expect(bo.get_by_role("button", name=f"{paper.editor.email} har sparat en ny version")).to_be_visible()
    bo.get_by_role("button", name="Spara utkast").first.click()
    dialog = bo.locator("#w-save-confirmation-dialog")
    expect(dialog).to_contain_text(f"{paper.editor.email} har sparat en ny version")
    with bo.expect_navigation():
        dialog.get_by_role("button", name="Spara utkast").click()
    expect(bo.get_by_text(f"{paper.person} sparade också det här")).to_be_visible()
    said = [one.content["lead"] for one in post.revisions.order_by("pk")]
    assert said[-2:] == ["Kims ingress.", "Bos ingress."]
    bo.get_by_role("link", name="Se vad som skiljer").click()
    expect(bo.locator("body")).to_contain_text("Kims")
    assert complaints == []
