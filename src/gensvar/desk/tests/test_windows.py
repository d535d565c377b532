"""One draft open in two windows: the later save says so, both texts are kept, and nothing else than what one sees is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import expect

from gensvar.answers import drafts, services
from gensvar.answers.errors import ChangedElsewhere
from gensvar.answers.models import Delivery, Draft, OtherWording
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, files
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.people.tests.factories import user_of
from gensvar.routing.tests.scene import fresh, word_comes

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

KNOWN = ("version", "window", "seen", "files_seen")
JSON = {"Accept": "application/json"}


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def asked(town: Town) -> Conversation:
    return question(town.mailbox)


@pytest.fixture
def kim(town: Town) -> Client:
    return logged_in(town.kim)


class Window:
    """A page of the composer, as a browser holds it."""

    version = window = seen = files_seen = ""

    def __init__(self, client: Client, address: str, kind: str = "answer") -> None:
        self.client, self.address, self.kind = client, address, kind
        self.look(client.get(f"{address}?write={kind}").content.decode())

    def look(self, page: str) -> str:
        for name in KNOWN:
            found = re.search(rf'name="{name}" value="([^"]*)"', page)
            if found is not None:
                setattr(self, name, found[1])
        return page

    def post(self, text: str, act: str = "save", **more: Any) -> str:
        form = {"kind": self.kind, "text": text, "act": act}
        form |= {name: getattr(self, name) for name in KNOWN}
        url = self.address if "skriv-forst" in self.address else f"{self.address}skriv/"
        return self.look(self.client.post(url, form | more, follow=True).content.decode())

    def types(self, text: str) -> Any:
        form = {
            "kind": self.kind,
            "text": text,
            "act": "save",
            "version": self.version,
            "window": self.window,
        }
        url = self.address if "skriv-forst" in self.address else f"{self.address}skriv/"
        return self.client.post(url, form, headers=JSON)


def at(conversation: Conversation) -> str:
    return f"/desk/inkorg/{conversation.number}/"


def field(page: str) -> str:
    found = re.search(r'<textarea id="desk-text"[^>]*>([^<]*)</textarea>', page)
    assert found is not None
    return found[1].strip()


def texts() -> set[str]:
    return set(Draft.objects.values_list("text", flat=True)) | set(
        OtherWording.objects.values_list("text", flat=True)
    )


def test_who_types_in_the_later_window_is_told_and_both_texts_stay(kim: Client, asked: Conversation) -> None:
    first, second = Window(kim, at(asked)), Window(kim, at(asked))
    assert first.types("Vi plogar i natt.").status_code == 200
    answer = second.types("Vi plogar i morgon.")
    assert answer.status_code == 409
    assert "annat fönster" in answer.json()["conflict"]
    assert second.types("Vi plogar i morgon bitti.").status_code == 409
    assert first.types("Vi plogar i natt, lovar.").status_code == 200
    assert Draft.objects.get().text == "Vi plogar i natt, lovar."
    assert texts() == {"Vi plogar i natt, lovar.", "Vi plogar i morgon bitti."}
    page = kim.get(at(asked)).content.decode()
    assert field(page) == "Vi plogar i natt, lovar."
    assert "Vi plogar i morgon bitti." in page


def test_the_other_window_is_told_that_oneself_answered_or_noted_something(
    kim: Client, asked: Conversation, town: Town
) -> None:
    seen = Message.objects.get(conversation=asked).pk

    def told(client: Client, after: int) -> str:
        address = f"/desk/inkorg/nytt/?queue=functions&version=0&open={asked.number}&seen={after}"
        return str(client.get(address).json()["newer"])

    kim.post(f"{at(asked)}skriv/", {"kind": "note", "text": "Plogen är ute.", "act": "send"})
    assert told(kim, seen) == "Du skrev eller ändrade något här i ett annat fönster."
    kim.post(f"{at(asked)}skriv/", {"kind": "answer", "text": "Vi plogar i natt.", "act": "send"})
    assert told(kim, seen) == "Du svarade här i ett annat fönster."
    newest = Message.objects.filter(conversation=asked).latest("pk").pk
    assert told(kim, newest) == ""
    Message.objects.filter(pk=newest).update(marks=["forward"])
    assert told(kim, newest - 1) == "Du skrev eller ändrade något här i ett annat fönster."
    assert told(logged_in(town.robin), seen) == "Det har kommit 2 nya meddelanden här."


def test_a_file_of_a_click_that_comes_too_late_is_no_fault(
    town: Town, kim: Client, asked: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other click sends the draft while this one's file is being kept."""
    window, keep = Window(kim, at(asked)), files.keep

    def kept_while_it_is_sent(data: bytes) -> str:
        monkeypatch.undo()
        services.send_answer(Draft.objects.get(), by=user_of(town.kim))
        return keep(data)

    monkeypatch.setattr(files, "keep", kept_while_it_is_sent)
    page = window.post("Vi plogar.", "send", files=SimpleUploadedFile("karta.txt", b"x", "text/plain"))
    assert "karta.txt kom inte med" in page
    assert "Inget skickades en gång till" in page
    assert Delivery.objects.filter(kind="answer").count() == 1


def test_what_nobody_has_read_is_not_put_away(kim: Client, asked: Conversation, town: Town) -> None:
    other = question(town.mailbox, "Lampan")
    page = kim.get(at(asked)).content.decode()
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="En olycka!")
    said = {"other": other.number, "until": (clock.today() + dt.timedelta(days=2)).isoformat()}
    fields = {"sov": "snoozed_until", "stang": "closed_at", "skrap": "state", "sla-ihop": "merged_into"}
    before = {field: getattr(fresh(asked), field) for field in fields.values()}
    for act in fields:
        forms = [one for one in re.findall("<form.*?</form>", page, re.DOTALL) if f"{at(asked)}{act}/" in one]
        ((seen,),) = {tuple(re.findall(r'name="read" value="(\d+)"', form)) for form in forms}
        told = kim.post(f"{at(asked)}{act}/", {**said, "read": seen}, follow=True).content.decode()
        assert "Läs det och välj igen" in told
        assert {field: getattr(fresh(asked), field) for field in fields.values()} == before
    earlier, later = question(town.mailbox, "Vägen"), question(town.mailbox, "Gatan")
    conversations.merge(earlier, later, by=user_of(town.kim))
    kim.post(f"{at(later)}stang/", {"read": 1})
    assert fresh(later).closed_at is None, "a word that came with another conversation is older, and unread"
    for act, field in fields.items():
        kim.post(f"{at(asked)}{act}/", {**said, "read": 2})
        assert getattr(fresh(asked), field) != before[field]
        kim.post(f"{at(asked)}inte-skrap/")  # spam is merged with nothing


def test_one_window_saves_as_often_as_it_likes(kim: Client, asked: Conversation) -> None:
    window = Window(kim, at(asked))
    for text in ("Vi", "Vi plogar", "Vi plogar nu"):  # also before the answer to the save before has come
        assert window.types(text).status_code == 200
    assert (Draft.objects.get().text, OtherWording.objects.count()) == ("Vi plogar nu", 0)


@pytest.mark.parametrize("kind", ["answer", "note", "forward"])
def test_the_send_button_of_the_later_window_sends_nothing_and_shows_both(
    kim: Client, asked: Conversation, kind: str
) -> None:
    first, second = Window(kim, at(asked), kind), Window(kim, at(asked), kind)
    first.types("Vi plogar i natt.")
    words, said = Delivery.objects.count(), asked.messages.count()
    page = second.post("Vi plogar i morgon.", "send", recipient="bo@example.org")
    assert "Inget skickades" in page
    assert (Delivery.objects.count(), asked.messages.count()) == (words, said)
    assert field(page) == "Vi plogar i morgon."  # what one saw is still what stands in the field
    assert texts() == {"Vi plogar i natt.", "Vi plogar i morgon."}
    second.post("Vi plogar i morgon.", "send", recipient="bo@example.org")
    assert asked.messages.order_by("-pk")[0].text.endswith("Vi plogar i morgon.")
    assert Draft.objects.get().text == "Vi plogar i natt."  # not chosen, not sent, not lost


@pytest.mark.parametrize(
    ("how", "after", "left"),
    [
        ("use", "Två", {"Ett"}),
        ("join", "Ett\n\nTvå", set()),
        ("drop", "Ett", set()),
    ],
)
def test_one_chooses_by_a_button(
    kim: Client, asked: Conversation, how: str, after: str, left: set[str]
) -> None:
    first, second = Window(kim, at(asked)), Window(kim, at(asked))
    first.types("Ett")
    second.types("Två")
    page = Window(kim, at(asked))
    page.post("Ett", f"{how}-{OtherWording.objects.get().pk}")
    assert Draft.objects.get().text == after
    assert set(OtherWording.objects.values_list("text", flat=True)) == left


def test_the_save_button_works_the_same_without_javascript(kim: Client, asked: Conversation) -> None:
    first, second = Window(kim, at(asked)), Window(kim, at(asked))
    first.post("Ett")
    page = second.post("Två")
    assert "annat fönster" in page
    assert field(page) == "Två"
    assert texts() == {"Ett", "Två"}
    assert "annat fönster" in first.post("Tre")
    assert {"Två", "Tre"} <= texts()


def test_the_same_words_in_two_windows_are_no_quarrel(kim: Client, asked: Conversation) -> None:
    first, second = Window(kim, at(asked)), Window(kim, at(asked))
    first.types("Ett")
    assert second.types("Ett").status_code == 200
    assert OtherWording.objects.count() == 0


def test_a_window_that_was_left_open_while_the_draft_was_sent_keeps_its_words(
    kim: Client, asked: Conversation
) -> None:
    first = Window(kim, at(asked))
    first.types("Vi plogar.")
    second = Window(kim, at(asked))
    first.post("Vi plogar.", "send")
    assert second.types("Vi plogar och sandar.").status_code == 200
    assert Draft.objects.get().text == "Vi plogar och sandar."


def test_first_words_are_guarded_in_the_same_way(kim: Client, town: Town) -> None:
    first, second = Window(kim, "/desk/skriv-forst/"), Window(kim, "/desk/skriv-forst/")
    first.types("Ett")
    assert second.types("Två").status_code == 409
    page = second.post("Två", "send", recipient="bo@example.org", subject="Hej")
    assert "Inget skickades" in page
    assert not Delivery.objects.exists()
    assert texts() == {"Ett", "Två"}


def test_a_file_that_came_in_another_window_does_not_go_out_unseen(kim: Client, asked: Conversation) -> None:
    one, other = (Window(kim, f"/desk/inkorg/{asked.number}/") for _ in range(2))
    one.post("Se kartan.", files=SimpleUploadedFile("karta.txt", b"Storgatan"))
    other.version, other.window = one.version, one.window  # the text is the same in both
    told = other.post("Se kartan.", act="send")
    assert "Bilagorna ändrades i ett annat fönster" in told
    assert "karta.txt" in told
    assert asked.messages.count() == 1
    sent = other.post("Se kartan.", act="send", files=SimpleUploadedFile("plan ny.txt", b"Torget"))
    assert "Bilagorna ändrades" not in sent
    answer = asked.messages.order_by("-pk")[0]
    assert set(answer.attachments.values_list("filename", flat=True)) == {"karta.txt", "plan ny.txt"}


def test_a_file_that_was_taken_away_in_another_window_is_missed_before_it_is_sent(
    town: Town, kim: Client
) -> None:
    first = Window(kim, "/desk/skriv-forst/", "first")
    first.post("Se kartan.", files=SimpleUploadedFile("karta.txt", b"x"), recipient="eva@post.example")
    Draft.objects.get().files.all().delete()
    told = first.post("Se kartan.", act="send", recipient="eva@post.example", subject="Karta")
    assert "Bilagorna ändrades i ett annat fönster" in told
    assert not Delivery.objects.exists()


def test_the_service_sends_no_other_words_than_its_caller_saw(town: Town, asked: Conversation) -> None:
    mine = drafts.save_draft(person=town.kim, kind="answer", text="Ett", conversation=asked)
    drafts.save_draft(person=town.kim, kind="answer", text="Två", conversation=asked)
    with pytest.raises(ChangedElsewhere):
        services.send_answer(mine, by=user_of(town.kim))
    assert Draft.objects.get().text == "Två"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_tabs_in_a_browser_and_what_an_older_log_in_cannot_save(
    open_page: Callable[..., Page], live_server: LiveServer, axe: Any
) -> None:
    town = make_town()
    asked, other = question(town.mailbox), question(town.mailbox, "Hål i vägen")
    first = open_page(base_url=live_server.url, viewport={"width": 1440, "height": 900})

    def log_in_anew() -> None:
        first.context.clear_cookies()
        value = logged_in(town.kim).cookies["sessionid"].value
        first.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    log_in_anew()
    second = first.context.new_page()
    first.goto(at(asked))
    second.goto(f"{at(asked)}?queue=functions")
    field = second.locator("#desk-text")
    first.locator("#desk-text").fill("Vi plogar i natt.")
    first.get_by_text(re.compile(r"Sparat \d\d:\d\d")).wait_for()
    field.fill("Vi plogar i morgon.")
    second.get_by_text("Båda texterna finns kvar").wait_for()
    second.get_by_role("link", name="Visa båda").click()
    second.get_by_text("Vi plogar i morgon.").wait_for()
    expect(field).to_have_value("Vi plogar i natt.")
    second.get_by_role("button", name="Låt den här byta plats").click()
    second.locator(".desk-other-text", has_text="Vi plogar i natt.").wait_for()
    expect(field).to_have_value("Vi plogar i morgon.")
    first.locator("#desk-text").fill("Vi plogar i natt och sandar.")
    first.get_by_text("Båda texterna finns kvar").wait_for()
    assert Draft.objects.get().text == "Vi plogar i morgon."
    assert "Vi plogar i natt och sandar." in texts()
    first.close()
    second.context.clear_cookies()
    second.get_by_text("Du har loggats ut").wait_for()
    expect(second.locator(".desk-other-text").first).to_be_visible()
    assert axe(second) == []  # the other text, and that one is logged out
    not_left_behind(second, other, log_in_anew)


def not_left_behind(page: Page, other: Conversation, log_in_anew: Callable[[], None]) -> None:
    """What cannot be saved on a page of an older log-in holds it there, until it is saved or left on purpose."""
    field, row, words = (
        page.locator("#desk-text"),
        page.locator(f"#open-{other.number}"),
        "Vi plogar i kväll.",
    )
    refused, leave = page.locator("[data-refused]"), page.locator("[data-leave]")
    log_in_anew()  # in another tab: with another token
    field.fill(words)
    expect(refused).to_be_visible()
    expect(leave).to_be_hidden()
    row.click()
    expect(leave).to_be_in_viewport()
    expect(field).to_have_value(words)
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator("#unsent-text")).to_have_value(words)
    page.get_by_role("button", name="Försök igen").click()
    expect(field).to_have_value(words)
    assert Draft.objects.get().text == words
    log_in_anew()
    field.fill("Nej.")
    row.click()
    leave.click()
    expect(page.locator("#desk-subject")).to_contain_text("Hål i vägen")
    assert Draft.objects.get().text == words
    page.route("**/inkorg/nytt/**", lambda route: route.fulfill(status=403))  # a role was taken away
    page.get_by_text("Din inloggning får inte läsa inkorgen längre").wait_for()
    expect(page.locator("#desk-logged-out")).to_be_hidden()


def test_a_page_that_is_opened_whole_carries_the_version_of_its_draft_and_not_of_the_queues(
    kim: Client, town: Town, asked: Conversation
) -> None:
    for number in range(3):
        question(town.mailbox, f"Fråga {number}")  # the queues change, the draft does not
    Window(kim, at(asked)).post("Vi plogar i dag.")
    assert Window(kim, at(asked)).version == str(Draft.objects.get().version)
