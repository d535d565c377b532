"""The database goes away while residents send: every page says that nothing was sent, and holds every word to send it again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, resolve
from playwright.sync_api import expect

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.conversations.models import Message
from gensvar.core import runner
from gensvar.intake.models import Envelope
from gensvar.learning.surveys.models import SealedAnswer
from gensvar.publishing.about.models import Verdicts
from gensvar.publishing.comments.models import Appeal, Comment
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.square import face, logs, unsent, urls
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.filling import TYPED, Form, forms
from gensvar.square.tests.forms_sent import MAYA, PAGES
from gensvar.square.tests.test_writing import PNG, picture
from tests.faults.gone import database_gone

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.django_db(transaction=True)

WORDS: Final = 'Snön <b>ligger</b> kvar & "ingen" plogar.\r\n\r\n</textarea><script>alert(1)</script>'
LINE: Final = 'Anna <b> & "Bo"'
KNOWN: Final = {
    "email": MAYA,
    "address": MAYA,
    "name": LINE,
    "phone": LINE,
    "place": LINE,
    "title": LINE,
    "alternative": LINE,
    "taken_by": LINE,
}
OWN: Final = frozenset({"write", "tell"})  # whose forms need no database, so that they themselves say it
KEPT: Final[dict[str, Callable[[], int]]] = {  # how many there are of what is sent to that address
    "write": Envelope.objects.count,
    "conversation": Message.objects.count,
    "comment_exchange": Comment.objects.count,
    "comment_post": Comment.objects.count,
    "appeal": Appeal.objects.count,
    "tell": Envelope.objects.count,
    "letters": Subscriber.objects.count,
    "lead": SealedAnswer.objects.count,
    "verdict": lambda: sum(one.yes + one.no for one in Verdicts.objects.all()),
}
NO_FORM: Final = frozenset(
    {"similar"}
)  # suggests while one writes: nothing is sent there, and nothing is kept


@pytest.fixture(autouse=True)
def mail(settings: Any) -> Iterator[None]:
    with Sink() as server:
        settings.GENSVAR_MAIL_OUT = server.url
        yield


@pytest.fixture
def resident() -> Client:
    return Client(raise_request_exception=False)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def at(address: str, page: str) -> str:
    """Where a form of that page leads to."""
    return address or page


def leading_to(name: str, page: str, answer: Any) -> list[Form]:
    """The forms of a page that lead to the address of that name."""
    found = [one for one in forms(text_of(answer)) if _name_of(at(one.action, page)) == name]
    assert found, f"no form on {urlsplit(page).path.split('/')[1]} leads to {name}"
    return found


def _name_of(address: str) -> str | None:
    return resolve(urlsplit(address).path).url_name


def ways(name: str, page: str, resident: Client) -> Iterator[tuple[str, dict[str, list[str]], set[str]]]:
    """Each way to send something to that address from that page, filled in: where, what, and what of it was typed."""
    answer = resident.get(page)
    assert answer.status_code == 200
    for form in leading_to(name, page, answer):
        typed = form.fill(WORDS, KNOWN)
        buttons = [form.sent(button) for button in form.buttons] or [form.sent()]
        for sent in buttons:
            yield at(form.action, page), sent, typed


def once(value: str) -> str:
    """As a browser sends it: HTML makes every line break one of CR and LF."""
    return value.replace("\r\n", "\n").replace("\n", "\r\n")


# --- Every address ------------------------------------------------------------------------------


def takes_posts(pattern: URLPattern) -> bool:
    given = dict.fromkeys(pattern.pattern.regex.groupindex, "1")
    try:
        answer = pattern.callback(RequestFactory().post("/"), **{**given, **pattern.default_args})
    except Exception:  # it came as far as the database
        return True
    return bool(answer.status_code != 405)


def test_every_address_that_something_can_be_sent_to_is_tried_here() -> None:
    with database_gone():
        found = {one.name or str(one.pattern) for one in urls.urlpatterns if takes_posts(one)}
    assert found == PAGES.keys() | NO_FORM


@pytest.mark.parametrize(
    ("name", "make"), [(name, make) for name, makes in sorted(PAGES.items()) for make in makes]
)
def test_what_is_sent_is_given_back_with_every_word_and_sent_again_by_its_button_and_is_there_once(
    resident: Client, name: str, make: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    page = make()
    count = KEPT.get(name)
    for address, sent, typed in list(ways(name, page, resident)):
        caplog.clear()
        before = count() if count else 0
        with database_gone():
            answer = [resident.post(address, sent) for _ in range(2)][1]
        says_that_nothing_was_sent(answer, sent, typed)
        back = holding(answer, name, address, sent, typed)
        keeps_silent(caplog, address, sent, typed)
        if count:
            stage.work()
            assert count() == before
        again = resident.post(at(back.action, address), back.sent())
        if count:
            assert again.status_code == 303
            if name != "verdict":  # a press of its own each time, on a page that is the same for all
                resident.post(address, sent)
            stage.work()
            assert count() == before + 1
            count = None  # nobody answers a survey twice
        if "alternative" in typed:  # these are a picture's words, and no page can give a file back
            assert again.status_code == 422
            assert "Orden kom utan sin bild" in text_of(again)
        else:
            assert again.status_code in {200, 303}, text_of(again)


def says_that_nothing_was_sent(answer: Any, sent: dict[str, list[str]], typed: set[str]) -> None:
    page = text_of(answer)
    assert answer.status_code == 503
    assert "<script>" not in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["Retry-After"] == "30"
    if _is_own(answer.wsgi_request.path_info, sent):
        assert "ingenting skickades" in page
        return
    assert ("Inget skickades" if typed else "Inget har ändrats") in page
    assert "inget skickades" in page
    keyed = "token" in resolve(answer.wsgi_request.path_info).kwargs
    assert answer["Referrer-Policy"] == ("no-referrer" if keyed else "same-origin")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["X-Frame-Options"] == "DENY"
    assert "hreflang" not in page
    if not typed and sent:
        assert "Det du valde följer med" in page


def _is_own(path: str, sent: dict[str, list[str]]) -> bool:
    """Whether it is a form that says it itself, since it is drawn without the database."""
    return _name_of(path) in OWN and "about" not in sent


def holding(answer: Any, name: str, address: str, sent: dict[str, list[str]], typed: set[str]) -> Form:
    """The form on that page; all that was sent is in it, and what was typed can be read and changed."""
    (form,) = leading_to(name, address, answer)
    if not _is_own(urlsplit(address).path, sent):
        assert form.action == address
    back = {key: list(map(once, values)) for key, values in form.sent().items()}
    assert back == {key: list(map(once, values)) for key, values in sent.items()}
    for one in form.controls:
        if one.name in typed:
            assert one.type in TYPED, f"{one.name} can be typed, but is given back hidden"
    return form


def keeps_silent(
    caplog: pytest.LogCaptureFixture, address: str, sent: dict[str, list[str]], typed: set[str]
) -> None:
    """No line of the log, with its trace, tells a word or a key."""
    formatter = logging.Formatter("%(message)s")
    for record in caplog.records:
        logs.HideKeys().filter(record)
        line = formatter.format(record)
        assert not any(value in line for name in typed for value in sent.get(name, []))
        token = resolve(urlsplit(address).path).kwargs.get("token")
        assert token is None or token not in line


# --- What else may come -------------------------------------------------------------------------


def test_letters_that_are_asked_for_again_are_confirmed_by_one_mail(resident: Client) -> None:
    address, sent, typed = next(ways("letters", PAGES["letters"][0](), resident))
    with database_gone():
        answer = resident.post(address, sent)
    resident.post(address, holding(answer, "letters", address, sent, typed).sent())
    runner.run_waiting(network=False)
    assert [one.recipient for one in Delivery.objects.all()] == [MAYA]


def test_files_are_named_and_chosen_once_more(resident: Client) -> None:
    page = PAGES["conversation"][0]()
    (form,) = leading_to("conversation", page, resident.get(page))
    form.fill(WORDS, KNOWN)
    with database_gone():
        files = [picture("bild<1>.png"), picture("två.png")]
        answer = resident.post(page, {**form.sent(), "files": files})
    (back,) = leading_to("conversation", page, answer)
    assert "<bdi>bild&lt;1&gt;.png</bdi>, <bdi>två.png</bdi>" in text_of(answer)
    assert [one.type for one in back.controls if one.name == "files"] == ["file"]
    sent = {**back.sent(), "files": [picture("bild.png"), picture("två.png")]}
    assert resident.post(page, sent).status_code == 303
    stage.work()
    assert Message.objects.latest("pk").attachments.count() == 2


def test_a_form_that_was_too_large_and_read_already_is_given_back_too(
    resident: Client, settings: Any
) -> None:
    settings.GENSVAR_LARGEST_WORD = 20_000
    page = PAGES["write"][1]()  # about a public page, which is looked up when the form is drawn again
    (form,) = leading_to("write", page, resident.get(page))
    form.fill(WORDS, KNOWN)
    sent = {**form.sent(), "files": [picture(data=PNG + bytes(30_000))]}
    with database_gone():
        answer = resident.post("/skriv", sent)
    assert answer.status_code == 503
    (back,) = leading_to("write", "/skriv", answer)
    assert back.sent()["text"] == form.sent()["text"]


def test_what_another_website_sends_is_not_made_ours(resident: Client) -> None:
    address, sent, _typed = next(ways("letters", PAGES["letters"][0](), resident))
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        with database_gone():
            answer = resident.post(address, sent, headers=headers)
        assert answer.status_code == 503
        assert "Gå tillbaka i webbläsaren" in text_of(answer)
        assert MAYA not in text_of(answer)
        assert "<form" not in text_of(answer)


def test_a_page_with_a_key_is_believed_by_a_browser_that_hides_where_it_sends_from(resident: Client) -> None:
    page = PAGES["conversation"][0]()
    address, sent, typed = next(ways("conversation", page, resident))
    with database_gone():
        answer = resident.post(address, sent, headers={"origin": "null"})
    back = holding(answer, "conversation", address, sent, typed)
    assert resident.post(address, back.sent(), headers={"origin": "null"}).status_code == 303


def test_it_speaks_the_language_of_the_address(resident: Client) -> None:
    page = PAGES["conversation"][0]()
    for begin, heading, button in (
        ("", "Inget skickades", "Försök igen"),
        ("/en", "Nothing was sent", "Try again"),
        ("/ar", "لم يُرسَل شيء", "حاول مرة أخرى"),
    ):
        address, sent, typed = next(ways("conversation", begin + page, resident))
        with database_gone():
            answer = resident.post(address, sent, headers={"accept-language": "de"})
        holding(answer, "conversation", address, sent, typed)
        html = text_of(answer)
        assert f"<h1>{heading}</h1>" in html
        assert f">{button}</button>" in html
        assert f'<html lang="{begin[1:] or "sv"}"' in html
        assert ('dir="rtl"' in html) is (begin == "/ar")


@pytest.mark.parametrize("name", ["conversation", "choose"])
def test_where_nobody_can_know_it_says_so_and_what_to_do(rf: RequestFactory, name: str) -> None:
    given = {"text": WORDS} if name == "conversation" else {"may_publish": "7"}
    page = text_of(unsent.page(rf.post("/samtal/abc", given), uncertain=True))
    assert "<h1>Vi vet inte om det kom fram</h1>" in page
    assert "gör det inget att du skickar det igen" in page
    assert "nget skickades" not in page
    assert "nget har ändrats" not in page


def test_without_its_face_the_words_still_come(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise OSError(WORDS)

    monkeypatch.setattr(face, "first_fonts", gone)
    page = unsent.page(rf.post("/ar/samtal/abc", {"text": WORDS}))
    (form,) = forms(text_of(page))
    assert once(form.sent()["text"][0]) == once(WORDS)
    assert 'lang="ar" dir="rtl"' in text_of(page)


def test_a_page_that_is_only_read_asks_to_come_again_and_tells_nobody_its_key(resident: Client) -> None:
    page = PAGES["conversation"][0]()
    with database_gone():
        answer = resident.get(page)
    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("30", "no-store")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Vi är borta en stund" in text_of(answer)
    assert "Inget skickades" not in text_of(answer)


# --- For everyone -------------------------------------------------------------------------------


def lost(client: Client) -> Callable[[Route], None]:
    """Answers what the browser sends as our application does while its database is away."""

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        with database_gone():
            made: HttpResponse = client.post(  # type: ignore[assignment]
                urlsplit(route.request.url).path,
                data=route.request.post_data_buffer,
                content_type=route.request.headers["content-type"],
            )
        headers = {name: value for name, value in made.items() if name.lower() != "content-length"}
        route.fulfill(status=made.status_code, headers=headers, body=made.content)

    return answer


@pytest.mark.browser
def test_the_button_of_the_page_sends_the_words(
    open_page: Callable[..., Page], live_server: Any, resident: Client
) -> None:
    path = PAGES["conversation"][0]()
    page = open_page(base_url=live_server.url, java_script_enabled=False)
    page.goto(path)
    page.locator("#id_text").fill("Och trottoaren?\n\nTvå rader.")
    page.route("**/samtal/**", lost(resident))
    page.locator("form:has(#id_text) button").click()
    expect(page.locator("h1")).to_have_text("Inget skickades")
    expect(page.locator("#id_text")).to_have_value("Och trottoaren?\n\nTvå rader.")
    page.unroute("**/samtal/**")
    page.locator("form:has(#id_text) button").click()
    page.wait_for_url(f"**{path}?ny=*")
    expect(page.locator("main")).to_contain_text("Två rader.")
