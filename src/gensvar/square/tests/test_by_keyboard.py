"""Every journey of a resident by keyboard alone and without JavaScript; what scripts add, by keyboard too; and the way of the
focus over the pages, from the left and from the right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Attachment, Message, Participant
from gensvar.core import clock, files
from gensvar.learning.surveys.models import SealedAnswer
from gensvar.learning.tests import leading
from gensvar.people.models import Function, Person
from gensvar.publishing.about.models import Verdicts, WordAbout
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Appeal, Comment
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.newsletters import letters
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.publishing.tests import guests_scene
from gensvar.publishing.tests.posts_scene import Paper
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import more_pages, scene
from gensvar.square.tests.keys import Keys

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: Final[Any] = {"width": 360, "height": 740}
WIDE: Final[Any] = {"width": 1280, "height": 900}
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
WORDS: Final = "Med tangenter"


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"base_url": live_server.url} | options)

    return visitor


# --- One's own conversation ---------------------------------------------------------------------


def writes(keys: Keys) -> Participant:
    """From the front page, past its head, with a slip on the way and a picture; the answer is wanted only here."""
    page = keys.page
    keys.open("/").fill("Det du vill skriva", WORDS)
    keys.button("Fortsätt", "Skriv till oss")
    keys.button("Skicka", "Inte skickat än")
    keys.to(page.locator("#errors a")).press("Enter").type("fel")
    expect(page.get_by_label("Din mejladress")).to_have_value("fel")
    keys.press("Shift+Tab", "ArrowDown")  # from e-mail to the private link
    keys.unfold(page.locator("details", has_text="Lägg till bilder eller filer"))
    keys.to(page.get_by_label("Välj bilder eller filer"))
    with page.expect_file_chooser() as chooser:
        keys.press("Space")
    chooser.value.set_files({"name": "lyktan.png", "mimeType": "image/png", "buffer": PNG})
    keys.unfold(page.locator("details", has_text="Låt andra läsa"), "Space")
    keys.to(page.get_by_label("Min fråga och ert svar får visas för andra")).press("Space")
    keys.button("Skicka", "Tack. Vi har fått det du skrev.")
    assert files.read(Attachment.objects.get().sha256) == PNG
    found = Participant.objects.latest("pk")
    assert Message.objects.get(conversation=found.conversation_id).may_publish
    return found


def goes_on(keys: Keys, commented: stage.Commented, anna: Participant) -> None:
    """At the private link, where the page still stands: writes, reads the answer, and takes back that others may read."""
    rut = Person.objects.get(user=commented.rut)
    office = Function.objects.get(slug="kansli")
    scene.answer(
        commented.town, anna, "Vi byter den i morgon.", person=rut, function=office, by=commented.rut
    )
    keys.to(keys.page.locator("#id_text")).type("Tack, och den vid hållplatsen?")
    keys.button("Skicka", "Senaste svaret")
    keys.page.get_by_text("Tack. Det du skrev står här nedanför.").wait_for()
    keys.to(keys.page.locator("[name=may_publish]:checked")).press("Space")
    keys.to(keys.page.get_by_role("button", name="Spara mina val")).press("Enter")
    keys.page.get_by_text("Dina val är sparade.").wait_for()
    own = Message.objects.filter(conversation=anna.conversation_id, direction="in")
    assert [one.may_publish for one in own.order_by("pk")] == [False, False]


def tells_what_does_not_work(keys: Keys) -> None:
    """From the statement's own button."""
    keys.open("/tillganglighet").link("Berätta vad som inte fungerar")
    keys.fill("Vad är svårt att använda, eller saknas?", WORDS)
    keys.to(keys.page.locator("#id_email"))
    keys.button("Skicka", "Tack. Vi har fått det du skrev.")


# --- Under an answer ----------------------------------------------------------------------------


def comes_by(keys: Keys, commented: stage.Commented) -> dict[str, str]:
    """Each link from an answer to what can be done about it, and where it leads."""
    keys.open(commented.page)
    names = ("I fediversum", "Svara till Siri", "Fråga om det här", "Följ den här frågan")
    return {name: keys.reach(name) for name in names}


def judges_and_asks(keys: Keys) -> None:
    """On the same page, whose end leads to its head again: it was no answer, this was missing, and that is asked."""
    keys.button("Nej", "Tack")
    keys.fill("Vad saknade du? (kan hoppas över)", WORDS).button("Fortsätt", "Skriv till oss")
    expect(keys.page.get_by_label("Vad vill du säga eller fråga?")).to_have_value(WORDS)
    keys.to(keys.page.get_by_role("radio", checked=True)).press(
        "ArrowDown"
    )  # from e-mail to the private link
    keys.button("Skicka", "Tack. Vi har fått det du skrev.")


def comments(keys: Keys, form: str) -> Comment:
    """A reply to another's comment, with a slip on the way that loses no word; then confirmed by the mailed link."""
    page = keys.page
    keys.open(form).at("Svara på en kommentar")
    keys.fill("Din kommentar", WORDS).press("Tab").type("Bea").press("Tab").type("fel adress").press("Enter")
    keys.at("Inte skickat än")
    expect(page.get_by_label("Din kommentar")).to_have_value(WORDS)
    keys.to(page.locator("#errors a")).press("Enter", "ControlOrMeta+a").type(stage.BEA)
    keys.button("Skicka", "Vi har fått din kommentar")
    stage.work()
    comment = Comment.objects.latest("pk")
    keys.open(stage.link_in(stage.mails(comment)[0], "bekrafta"))
    keys.button("Ja, kommentaren är min", "Tack. Din kommentar är bekräftad.")
    return comment


def appeals(keys: Keys, commented: stage.Commented, comment: Comment) -> None:
    """From the link in the notice."""
    moderation.remove(comment, stage.ground("annat-amne"), "", by=commented.town.staff)
    keys.open(stage.link_in(stage.mails(comment)[-1], "overklaga"))
    keys.fill("Varför ska den visas?", "Den hör dit.")
    keys.button("Skicka", "Tack. En annan person tittar på det.")


def passes_on(keys: Keys, form: str) -> None:
    """To the fediverse."""
    keys.open(form).fill("Var har du ditt konto?", "@anna@social.example").press("Enter")
    keys.to(keys.page.get_by_role("link", name="Fortsätt till social.example"))


# --- Following ----------------------------------------------------------------------------------


def follows(keys: Keys, commented: stage.Commented, ways: str) -> Subscriber:
    """One question, by letters each day; confirmed by mail, changed, and ended."""
    page = keys.page
    keys.open(ways).link("Följ med mejl")
    expect(page.get_by_role("checkbox", name=commented.exchange.title)).to_be_checked()
    keys.fill("Din mejladress", stage.BEA)
    keys.to(page.get_by_role("checkbox", name="Gata & park")).press("Space")
    keys.to(page.get_by_role("radio", checked=True)).press("ArrowUp")  # from each week to each day
    keys.button("Skicka länken", "Titta i din inkorg")
    link = re.search(r"/folj/brev/bekrafta/\S+", Delivery.objects.latest("pk").text)
    assert link is not None
    keys.open(link[0]).button("Ja, skicka dem", "Det du följer")
    found = Subscriber.objects.get()
    assert found.pace == Subscriber.Pace.DAILY
    keys.to(page.get_by_role("radio", checked=True)).press("ArrowDown")
    keys.to(page.get_by_role("button", name="Spara")).press("Enter")
    page.get_by_text("Det är sparat.").wait_for()
    found.refresh_from_db()
    assert found.pace == Subscriber.Pace.WEEKLY
    keys.open(letters.ending(found)).button("Avsluta alla brev", "Inga fler brev kommer")
    return found


# --- By a mailed link ---------------------------------------------------------------------------


def answers_a_survey(keys: Keys) -> None:
    house = leading.House()
    keys.open(leading.path(house.opened(), house.led[0]))
    keys.unfold(keys.page.locator("details").first)
    keys.to(keys.page.get_by_role("button", name="Lämna mitt svar")).press("Enter").at("Inte skickat än")
    keys.to(keys.page.locator("#errors a")).press("Enter", "ArrowDown")
    expect(keys.page.get_by_role("radio").nth(1)).to_be_checked()
    keys.button("Lämna mitt svar", "Ditt svar är lämnat")
    assert SealedAnswer.objects.count() == 1


def writes_as_a_guest(keys: Keys, paper: Paper) -> None:
    """Saves, hands in, and has a word with us."""
    guest = guests_scene.invite(paper)
    keys.open(guests_scene.address_of(guest))
    keys.fill("Rubrik", "Bron").fill("Vad handlar det om, i två eller tre meningar?", "Om bron.")
    keys.fill("Texten", "Varje dag går jag över bron.").button("Spara och lämna in", "Nu är det vår tur")
    guest.refresh_from_db()
    assert guest.state == GuestVoice.State.HANDED_IN
    keys.fill("Dina ord till oss", WORDS)
    keys.to(keys.page.get_by_role("button", name="Skicka")).press("Enter")
    keys.page.get_by_text("Tack. Det du skrev till oss står här nedanför.").wait_for()


# --- Reading ------------------------------------------------------------------------------------


def reads(keys: Keys, commented: stage.Commented) -> None:
    """From the pages that lead on to what they lead to; a fold is opened and closed by its own key."""
    page = keys.page
    keys.open("/har-finns-vi").reach("Ett blad att skriva ut")
    keys.link("Skriv här").at("Skriv till oss")
    keys.open("/amne").link("Plogning & sand").link("Hur fort plogar vi nu?").at("Hur fort plogar vi nu?")
    fold = page.locator("details.history__whole").last
    keys.to(fold.locator("summary")).press("Enter")
    expect(fold).not_to_have_attribute("open", "")
    keys.press("Space")
    expect(fold).to_have_attribute("open", "")
    keys.open("/sok").fill("Sök bland allt som är offentligt", "plogas").press("Enter")
    keys.link(commented.exchange.title).at("Svaret")


def test_every_journey_goes_by_keyboard_alone_and_without_javascript(visit: Callable[..., Page]) -> None:
    commented = stage.make()
    town = commented.town
    stage.shown(commented, "Hur är det vid skolan?", name="Siri", email="siri@post.example")
    keys = Keys(visit(java_script_enabled=False, viewport=PHONE))
    anna = writes(keys)
    goes_on(keys, commented, anna)
    tells_what_does_not_work(keys)
    way = comes_by(keys, commented)
    judges_and_asks(keys)
    comment = comments(keys, way["Svara till Siri"])
    appeals(keys, commented, comment)
    passes_on(keys, way["I fediversum"])
    follows(keys, commented, way["Följ den här frågan"])
    paper = Paper(town.staff, town.person, town.function)
    writes_as_a_guest(keys, paper)
    answers_a_survey(keys)
    more_pages.positions_of(paper)
    reads(keys, commented)
    assert keys.faults == []
    assert keys.page.context.cookies() == []
    for minutes in (0, 5):  # what was read before it had its place is looked at again
        with clock.moved(dt.timedelta(minutes=minutes)):
            stage.work()
    assert comment.message.text == WORDS
    assert Appeal.objects.get().message.text == "Den hör dit."
    assert WordAbout.objects.get(on_key=commented.exchange.number).message.text == WORDS
    assert way["Fråga om det här"] == f"/skriv?om={commented.exchange.number}"
    assert Verdicts.objects.get().no == 1
    assert ContactPoint.objects.filter(pk=town.form.pk).exists()


def test_the_focus_goes_over_each_page_as_it_is_read_from_left_and_from_right_and_back(
    visit: Callable[..., Page],
) -> None:
    commented = stage.make()
    stage.shown(commented)
    keys = Keys(visit(color_scheme="dark"))
    wrong = []
    for path, viewport in (
        ("/", WIDE),
        (commented.page, WIDE),
        ("/skriv", PHONE),
    ):
        keys.page.set_viewport_size(viewport)
        wrong += keys.open(path).walk(back=path != "/")
        wrong += keys.open(f"/ar{path}").walk()
    for path, viewport in quieter_pages(commented.town):
        keys.page.set_viewport_size(viewport)
        wrong += keys.open(path).past_the_head().walk("main")
    house = leading.House()
    keys.open(leading.path(house.opened(), house.led[0])).button("Lämna mitt svar", "Inte skickat än")
    keys.stops("Shift+Tab")  # from the summary of what is wrong, where a refused form begins, to the head
    wrong += keys.walk(back=True)
    assert wrong + keys.faults == []


def quieter_pages(town: scene.Town) -> list[tuple[str, Any]]:
    """An experiment, the archives by month, what is gone, and what the service is: each once, in turn from left and right."""
    _, experiment, _ = more_pages.workshop_of(town)
    withdrawn, *_, month, _ = more_pages.gone(Paper(town.staff, town.person, town.function))
    return [
        (f"/ar{experiment}", WIDE),
        (f"/fragor{month.removeprefix('/nytt')}", PHONE),
        (f"/ar{month}", PHONE),
        (withdrawn, PHONE),
        ("/om", WIDE),
    ]


# The device's own sheet: pressed by nobody, so that the browser's real call refuses. And closed by whoever opened it.
REFUSED: Final = "addEventListener('load', () => document.querySelector('[data-act=sheet]')?.click())"
CLOSED: Final = """void (navigator.share = () => new Promise((_, no) => {
  document.title = "opened";
  no(new DOMException("", "AbortError"));
}))"""


def test_what_scripts_add_goes_by_keyboard_too(visit: Callable[..., Page]) -> None:
    commented = stage.make()
    page = visit()
    page.add_init_script(f"window.print = () => document.title = 'printed'; {REFUSED}")
    keys = Keys(page)
    said = page.get_by_role("main").get_by_role("status").last
    keys.open(commented.page)
    expect(said).to_have_text(re.compile("Adressen är (kopierad|markerad)"))
    keys.to(page.get_by_role("button", name="Skriv ut")).press("Space")
    expect(page).to_have_title("printed")
    keys.to(page.get_by_role("button", name="Kopiera")).press("Enter")
    said.get_by_text("Adressen är kopierad.").wait_for()
    page.evaluate("document.querySelector('.share [role=status]').textContent = ''")
    page.evaluate(CLOSED)
    keys.to(page.get_by_role("button", name="Dela med en app")).press("Enter")
    expect(page).to_have_title("opened")
    expect(said).to_be_empty()
    assert keys.faults == []
