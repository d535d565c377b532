"""The inbox in a real browser: alive without a reload, by keys, at 360 pixels, without JavaScript, and for everyone (axe-core)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.answers.models import Delivery, Draft
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Attachment, Conversation
from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.tests.scene import (
    Town,
    envelope_that_failed,
    logged_in,
    question,
    question_with_photograph,
)
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.publishing.models import PublicText
from gensvar.routing.tests.scene import fresh, word_comes
from tests.browser import no_wider_than, not_covered
from tests.looks import Look

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
Opener = Callable[..., "Page"]

# What comes from Wagtail's own shell, by rule and element; nothing else is excused.
WAGTAIL: set[tuple[str, str]] = set()


def open_first(page: Page) -> None:
    page.locator(".desk-row a").first.click()
    page.locator(".desk-thread").wait_for()


def test_new_words_come_without_a_reload_and_disturb_nobody_who_writes(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto("/desk/inkorg/?queue=functions")
    open_first(page)
    field = page.locator("#desk-text")
    field.fill("Hej Anna,")
    field.press("End")
    newer = question(town.mailbox, "Hål i vägen", sender="Bo Ek <bo@example.org>")
    expect(page.locator(f"#row-{newer.number}")).to_contain_text("Hål i vägen")
    expect(field).to_have_value("Hej Anna,")
    expect(field).to_be_focused()
    page.get_by_text("Något nytt i listan.").wait_for(state="attached")
    expect(page.locator("#queue-functions .desk-count")).to_have_text("2")
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Hallå?")
    page.get_by_text("Det har kommit något nytt här.").wait_for()
    page.locator("[data-newer] a").evaluate("a => (a.click(), document.execCommand('insertText', 0, ' nu'))")
    page.locator(".desk-words").get_by_text("Hallå?").wait_for()
    expect(page.locator("#desk-text")).to_have_value("Hej Anna, nu")


def test_what_one_types_is_saved_and_an_answer_can_be_undone(desk: Opener, town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 60
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{asked.number}/")
    with page.expect_response(re.compile("/skriv/")):
        page.locator("#desk-text").fill("Vi kommer i morgon.")
    page.get_by_text(re.compile(r"Sparat \d\d:\d\d")).wait_for()
    assert Draft.objects.get(conversation=asked).text == "Vi kommer i morgon."
    page.set_viewport_size({"width": 1200, "height": 640})  # so that the field must be scrolled to
    page.get_by_role("button", name="Skicka svaret").press("Enter")
    expect(page.get_by_role("article", name="Vårt svar")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ångra")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Ångrat. Inget skickades").wait_for()
    expect(page.locator("#desk-text")).to_have_value("Vi kommer i morgon.")
    expect(page.get_by_text("Ångrat. Inget skickades")).to_be_in_viewport()
    page.wait_for_load_state()
    not_covered(page.locator("#desk-text"))  # by the head of the conversation
    assert not Delivery.objects.filter(kind="answer", state="waiting").exists()


def test_a_file_lies_beside_the_draft_as_soon_as_it_is_chosen(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{asked.number}/")
    page.locator("input[type=file]").set_input_files(
        {"name": "karta.txt", "mimeType": "text/plain", "buffer": b"hej"}
    )
    page.get_by_text("karta.txt").wait_for()
    assert Draft.objects.get(conversation=asked).files.get().filename == "karta.txt"


def test_a_colleague_is_found_by_the_first_letters(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{asked.number}/?write=note")
    page.locator("#desk-text").press_sequentially("Hej @sa")
    offered = page.get_by_role("listbox", name="Kollegor vars namn börjar så")
    offered.get_by_role("option", name="Sam Åberg").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#desk-text")).to_have_value("Hej @Sam Åberg ")


def test_on_a_phone_one_column_at_a_time_and_the_way_back_in_one_place(desk: Opener, town: Town) -> None:
    question(town.mailbox)
    page = desk(town.kim, viewport=PHONE)
    page.goto("/desk/inkorg/?queue=functions")
    places = []
    for column, back in (("list", "Köer"), ("conversation", "Listan")):
        if column == "conversation":
            open_first(page)
        link = page.get_by_role("link", name=back)
        link.wait_for()
        box = link.bounding_box()
        assert box is not None
        places.append(box["y"] < 200)
        for other in {"list", "conversation", "queues"} - {column}:
            expect(page.locator(f".desk-{other}")).to_be_hidden()
        no_wider_than(page, PHONE["width"])
    assert places == [True, True]
    page.get_by_role("link", name="Listan").click()
    page.locator(".desk-row").first.wait_for()
    page.get_by_role("link", name="Köer").click()
    page.locator("#queue-mine").wait_for()


@pytest.mark.parametrize("with_script", [True, False])
def test_long_words_and_words_from_right_to_left_fit_on_a_phone(
    desk: Opener, town: Town, with_script: bool
) -> None:
    long = question(town.mailbox, "Upprustningsplan" * 12, sender=f"{'Lång' * 20} <l@example.org>")
    question(town.mailbox, "متى تأتون؟", text="مرحباً\n\nhttps://example.org/" + "a" * 200)
    page = desk(town.kim, viewport=PHONE, java_script_enabled=with_script)
    for address in ("/desk/inkorg/?queue=functions", f"/desk/inkorg/{long.number}/?queue=functions"):
        page.goto(address)
        no_wider_than(page, PHONE["width"])
    page.goto("/desk/inkorg/?queue=functions")
    open_first(page)
    no_wider_than(page, PHONE["width"])
    words = page.locator(".desk-word .desk-text")
    expect(words).to_have_css("direction", "rtl")


def test_all_of_it_works_without_javascript(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim, java_script_enabled=False)
    page.goto("/desk/")
    page.get_by_role("link", name="Mina funktioner").click()
    page.locator(".desk-row a").first.click()
    page.get_by_role("link", name="Intern anteckning").click()
    page.locator("#desk-text").fill("@Robin Öst vet du?")
    page.get_by_role("button", name="Spara anteckningen").click()
    page.get_by_text("Tillfrågade: Robin Öst").wait_for()
    page.locator("#desk-text").fill("Vi plogar i natt.")
    page.get_by_role("button", name="Skicka svaret").click()
    page.get_by_text("Ditt svar är på väg").wait_for()
    page.get_by_role("button", name="Ångra").click()
    expect(page.locator("#desk-text")).to_have_value("Vi plogar i natt.")
    page.get_by_role("button", name="Ta det").click()
    page.get_by_text("Nu är det ditt.").wait_for()
    assert fresh(asked).assignee == town.kim
    page.get_by_role("link", name="Inkorg").first.click()
    expect(page).to_have_url(re.compile("/desk/inkorg/$"))


@pytest.mark.parametrize("with_script", [True, False])
def test_a_view_is_saved_opened_renamed_and_removed(desk: Opener, town: Town, with_script: bool) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim, viewport=PHONE, java_script_enabled=with_script)
    page.goto("/desk/inkorg/?queue=functions")
    page.locator("#desk-q").fill("plogad")
    page.locator("#desk-q").press("Enter")
    expect(page).to_have_url(re.compile("q=plogad"))
    page.locator(f"#row-{asked.number}").wait_for()
    page.locator(".desk-save-view summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Vyns namn").fill("Plogning")
    page.get_by_label("Vem som ser den").select_option(label="alla i Gata & park")
    page.wait_for_load_state()
    no_wider_than(page, PHONE["width"])
    page.get_by_label("Vyns namn").press("Enter")
    page.get_by_role("heading", name="Plogning").wait_for()
    page.goto("/desk/inkorg/?view=queues")
    page.get_by_role("link", name="Plogning").click()
    page.locator(f"#row-{asked.number}").wait_for()
    page.goto("/desk/inkorg/?view=queues")
    page.get_by_role("link", name="Ändra vyerna").click()
    page.wait_for_load_state()
    no_wider_than(page, PHONE["width"])
    page.get_by_label("Vyns namn").fill("Plogat")
    page.get_by_role("button", name="Spara Plogning").click()
    page.get_by_role("button", name="Ta bort Plogat").click()
    page.get_by_text("Du har inte sparat någon vy än").wait_for()


SCREENS: list[tuple[str, Callable[[Town, Conversation], str]]] = [
    ("administrator", lambda town, asked: "/desk/personer/"),
    ("administrator", lambda town, asked: f"/desk/personer/{town.kim.pk}/"),
    ("administrator", lambda town, asked: "/desk/funktioner/"),
    ("administrator", lambda town, asked: f"/desk/funktioner/{town.streets.pk}/"),
    ("administrator", lambda town, asked: "/desk/platser/"),
    ("administrator", lambda town, asked: f"/desk/platser/{town.mailbox.pk}/"),
    ("administrator", lambda town, asked: "/desk/arbetsdagar/"),
    ("administrator", lambda town, asked: "/desk/utkorg/"),
    ("administrator", lambda town, asked: "/desk/kuvert/"),
    ("editor", lambda town, asked: "/desk/inkorg/?queue=functions"),
    ("editor", lambda town, asked: "/desk/inkorg/?queue=mine"),
    ("editor", lambda town, asked: f"/desk/inkorg/{asked.number}/?queue=functions"),
    ("editor", lambda town, asked: f"/desk/inkorg/{asked.number}/?queue=functions&write=note"),
    ("editor", lambda town, asked: f"/desk/inkorg/{asked.number}/?queue=functions&write=forward"),
    ("editor", lambda town, asked: f"/desk/inkorg/{asked.number}/publicera/"),
    ("editor", lambda town, asked: f"/desk/inkorg/{shown_in_public().number}/publicera/"),
    ("editor", lambda town, asked: "/desk/inkorg/?q=plogad"),
    ("editor", lambda town, asked: "/desk/inkorg/?view=queues"),
    ("editor", lambda town, asked: "/desk/vyer/"),
    ("editor", lambda town, asked: "/desk/skriv-forst/"),
    ("editor", lambda town, asked: "/desk/account/"),
    ("editor", lambda town, asked: "/desk/personer/"),
    ("editor", lambda town, asked: "/konto/password/change/"),
    ("editor", lambda town, asked: "/konto/tva-steg/"),
]


def test_the_menus_button_lies_over_no_words_when_a_message_stands_above(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim, viewport=PHONE)
    page.goto(f"/desk/inkorg/{asked.number}/?write=note")
    page.locator("#desk-text").fill("Se efter i morgon.")
    page.get_by_role("button", name="Spara utkastet").click()
    page.locator(".messages .success").wait_for()
    button = page.locator(".sidebar-nav-toggle").bounding_box()
    message = page.locator(".messages").bounding_box()
    assert button is not None
    assert message is not None
    assert button["y"] + button["height"] <= message["y"] + message["height"]


def test_a_long_name_cuts_no_field_off_on_a_phone(desk: Opener, town: Town) -> None:
    long = make_function("Informationsenheten för hela kommunen")
    make_contact_point(long, address="information@norrvik.example")
    page = desk(make_person("Inga Lång", long, email="inga@norrvik.example"), viewport=PHONE)
    page.goto("/desk/skriv-forst/")
    for field in page.locator(".desk-form-page :is(select, input:not([type=hidden]), textarea)").all():
        box = field.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]


def put_before_the_gate(town: Town) -> None:
    """An exchange with a picture that the public reads, and a later word that it does not."""
    asked = question_with_photograph(town.mailbox)
    robin = logged_in(town.robin)
    at = f"/desk/inkorg/{asked.number}/"
    robin.post(f"{at}skriv/", {"kind": "answer", "text": "Vi byter den i dag.", "act": "send"})
    robin.post(f"{at}publicera/", {"action": "prepare"})
    words = list(PublicText.objects.filter(exchange__conversation=asked).order_by("message_id"))
    robin.post(
        f"{at}publicera/",
        {
            "action": "picture",
            "word": words[0].pk,
            "attachment": Attachment.objects.get(message__conversation=asked).pk,
            "alternative": "En trasig lampa",
        },
    )
    for word in words:
        robin.post(f"{at}publicera/", {"action": "approve", "word": word.pk, "text": word.text})
    robin.post(f"{at}publicera/", {"action": "publish"})
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Tack.")


def shown_in_public() -> Conversation:
    return Conversation.objects.get(public_exchange__state="published")


def test_everyone_can_use_every_screen(desk: Opener, town: Town, axe: Callable[..., list[Violation]]) -> None:
    asked = question(town.mailbox)
    note = desk(town.kim)
    note.goto(f"/desk/inkorg/{asked.number}/?write=note")
    note.locator("#desk-text").fill("@Robin Öst vet du?")
    note.get_by_role("button", name="Spara anteckningen").click()
    note.get_by_text("Tillfrågade").wait_for()
    envelope_that_failed(town.mailbox)
    put_before_the_gate(town)
    for maker in (town.kim, town.robin):
        saved.keep(maker, f"Snö, {maker}", "q=sn%C3%B6", town.streets)
    found = {}
    for role in ("administrator", "editor"):
        page = desk(town.by_role[Role(role)], reduced_motion="reduce")
        for screen_role, address in SCREENS:
            if screen_role != role or (address(town, asked) == "/desk/personer/" and role == "editor"):
                continue
            page.set_viewport_size(DESKTOP)
            page.goto(address(town, asked))
            no_wider_than(page, DESKTOP["width"])
            for one in axe(page, at=(Look("light"), Look("dark", PHONE["width"]))):
                if (one.rule, one.element) not in WAGTAIL:
                    found[page.url, one.rule, one.element, one.scheme] = one.html[:200]
    assert found == {}


def test_everyone_can_log_in(
    open_page: Opener, live_server: LiveServer, axe: Callable[[Page], list[Violation]]
) -> None:
    page = open_page(base_url=live_server.url, viewport=PHONE)
    for address in (
        "/konto/login/",
        "/konto/password/reset/",
        "/konto/password/reset/done/",
        "/konto/password/reset/key/x-y/",
    ):
        page.goto(address)
        assert axe(page) == []


def test_wagtails_choosers_of_days_start_under_the_strict_policy(desk: Opener, town: Town) -> None:
    user = user_of(town.kim)
    user.is_superuser = user.is_staff = True
    user.save()
    page = desk(town.kim)
    page.goto("/desk/reports/site-history/")
    page.locator("template[data-chooser][data-started]").first.wait_for(state="attached")


def test_nothing_is_fetched_from_elsewhere(desk: Opener, town: Town, live_server: LiveServer) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    elsewhere: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            elsewhere.append(request.url)

    page.on("request", look)
    page.goto(f"/desk/inkorg/{asked.number}/")
    page.wait_for_load_state("load")
    assert elsewhere == []
