"""A resident's way through the square in a real browser, without JavaScript; and every page judged by axe-core."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Attachment, Message, Participant
from gensvar.core import clock, files
from gensvar.core.models import Topic
from gensvar.intake.models import Envelope
from gensvar.learning.tests import leading
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.people.models import Function
from gensvar.publishing import services as publishing
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Source
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.publishing.tests.scene import stage
from gensvar.publishing.tests.wordpress.exports import SAMPLES
from gensvar.publishing.wordpress import importing as wordpress
from gensvar.publishing.wordpress.making import Choices
from gensvar.square.tests import guest_pages, more_pages, scene
from gensvar.square.tests import test_telling as telling
from gensvar.square.tests.judging import LOOKS, NARROW, judge, shape

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STANDING = (
    "/",
    "/en/",
    "/skriv",
    "/fragor",
    "/har-finns-vi",
    "/sok",
    "/sok?q=fr%C3%A5ga",
    "/sok?q=kamel",
    "/en/sok?q=fr%C3%A5ga",
    "/en/skriv",
    "/har-finns-vi/utskrift",
    "/vi-svarar",
    "/roster",
    "/folj",
    "/en/folj",
    "/om",
    "/tillganglighet",
    "/en/tillganglighet",
    "/tillganglighet/beratta?sida=/fragor",
    "/kontakt",
    "/en/kontakt",
    "/fragor/1999/01",
    "/personuppgifter",
    "/finns-inte",
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square, as a visitor without JavaScript unless told otherwise."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"java_script_enabled": False, "base_url": live_server.url} | options)

    return visitor


def test_a_resident_writes_with_a_picture_and_goes_on_at_the_private_link(visit: Callable[..., Page]) -> None:
    town = scene.town()
    page = visit(viewport={"width": 360, "height": 740})
    page.goto("/")
    page.get_by_label("Det du vill skriva").fill("Lyktan vid Strandskolan är trasig")
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_label("Vad vill du säga eller fråga?")).to_have_value(
        "Lyktan vid Strandskolan är trasig"
    )
    expect(page.get_by_label("Din mejladress")).to_be_visible()
    page.get_by_label("Bara här, på en egen länk").check()
    expect(page.get_by_label("Din mejladress")).to_be_hidden()
    page.get_by_text("Lägg till bilder eller filer").click()
    page.get_by_label("Välj bilder eller filer").set_input_files(
        {"name": "lyktan.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Tack. Vi har fått det du skrev.")).to_be_visible()
    expect(page.get_by_role("link", name="lyktan.png")).to_be_visible()
    assert files.read(Attachment.objects.get().sha256) == PNG
    private = page.locator(".keep__link a").get_attribute("href")

    anna = Participant.objects.get()
    scene.answer(town, anna, "Vi byter den i morgon.")
    page = visit()
    page.goto(str(private))
    expect(page.get_by_role("heading", name="Senaste svaret")).to_be_visible()
    expect(page.get_by_text("Vi byter den i morgon.")).to_be_visible()
    page.get_by_label("Skriv mer").fill("Tack, och den vid hållplatsen?")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_text("Det du skrev står här nedanför")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_text("Tack, och den vid hållplatsen?").first).to_be_visible()
    assert Message.objects.filter(conversation=anna.conversation).count() == 3

    with page.expect_download() as started:
        page.get_by_role("link", name="lyktan.png").click()
    assert started.value.path().read_bytes() == PNG


def test_a_slip_loses_no_word_and_the_summary_leads_to_the_field(visit: Callable[..., Page]) -> None:
    scene.town()
    page = visit()
    page.goto("/skriv")
    page.get_by_label("Vad vill du säga eller fråga?").fill("Mina egna ord")
    page.get_by_text("Låt andra läsa").click()
    page.get_by_label("Min fråga och ert svar får visas för andra").check()
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Inte skickat än")).to_be_visible()
    expect(page.get_by_label("Vad vill du säga eller fråga?")).to_have_value("Mina egna ord")
    expect(page.get_by_label("Min fråga och ert svar får visas för andra")).to_be_checked()
    page.get_by_role("link", name="Skriv mejladressen vi får svara till").click()
    page.keyboard.type("anna@post.example")
    expect(page.get_by_label("Din mejladress")).to_have_value("anna@post.example")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Tack. Vi har fått det du skrev.")).to_be_visible()


def test_a_public_answer_is_suggested_while_writing_and_nothing_typed_is_lost(
    visit: Callable[..., Page], axe: Callable[..., list[Any]]
) -> None:
    scene.town()
    stage().publish()
    page = visit(java_script_enabled=True, viewport={"width": 320, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "liknande" in request.url else None)
    page.clock.install()
    page.goto("/skriv")
    page.clock.pause_at(clock.now() + dt.timedelta(hours=1))
    text = page.get_by_label("Vad vill du säga eller fråga?")
    text.press_sequentially("När plogas Storgatan? Snön ligger kvar")
    assert asked == []
    page.clock.resume()
    region = page.get_by_role("status")
    region.get_by_text("Kanske finns svaret redan").wait_for()
    assert [url.endswith("/skriv/liknande") for url in asked] == [True]  # after a pause, not at each key
    assert judge(page, axe) == []
    text.focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("^\\s*Snö på Storgatan"))
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.get_by_text("I kväll.").wait_for()
    opened.value.close()
    expect(text).to_have_value("När plogas Storgatan? Snön ligger kvar")
    with page.expect_response("**/skriv/liknande"):
        text.fill("Min hund är borta")
    region.get_by_text("Kanske finns svaret redan").wait_for(state="detached")
    page.get_by_label("Bara här, på en egen länk").check()
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Tack. Vi har fått det du skrev.").wait_for()
    kept = Envelope.objects.get().read_raw()
    assert b'name="shown"' not in kept


def test_what_is_public_is_found_from_the_head_of_any_page(visit: Callable[..., Page]) -> None:
    scene.town()
    stage().publish()
    page = visit(viewport={"width": 320, "height": 800})
    page.goto("/har-finns-vi")
    page.get_by_role("banner").get_by_role("link", name="Sök").click()
    page.get_by_label("Sök bland allt som är offentligt").fill("plogningen")
    page.get_by_role("button", name="Sök").click()
    expect(page.get_by_role("heading", name="Ännu inget om ”plogningen”")).to_be_visible()
    page.get_by_label("Sök bland allt som är offentligt").fill("plogar")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Snö på Storgatan").click()
    expect(page.get_by_text("I kväll.")).to_be_visible()


def test_a_page_is_passed_on_with_a_script_and_without(visit: Callable[..., Page]) -> None:
    exchange = stage().publish()
    address = f"/fragor/{exchange.number}-{exchange.slug}"
    page = visit()
    page.goto(address)
    short = page.get_by_label("Kort adress till den här sidan").input_value()
    expect(page.get_by_text("Kopiera")).to_be_hidden()
    page.goto(short[short.index("/k/") :])
    expect(page.get_by_role("heading", name="Snö på Storgatan")).to_be_visible()
    page.get_by_role("link", name="I fediversum").click()
    page.get_by_label("Var har du ditt konto?").fill("@anna@social.example")
    page.keyboard.press("Enter")
    onward = page.get_by_role("link", name="Fortsätt till social.example").get_attribute("href")
    assert str(onward).startswith("https://social.example/share?text=")

    page = visit(java_script_enabled=True)
    page.goto(address)
    page.get_by_role("button", name="Kopiera").click()
    page.get_by_role("status").get_by_text("Adressen är kopierad.").wait_for()
    expect(page.get_by_role("button", name="Skriv ut")).to_be_visible()


def test_a_bookmark_of_the_old_blog_leads_to_its_post_with_picture_and_comments(
    visit: Callable[..., Page], axe: Callable[..., list[Any]]
) -> None:
    town = scene.town()
    wordpress.bring_home([SAMPLES / "blogg.xml"], Choices(town.function, files=SAMPLES / "uploads"))
    page = visit(java_script_enabled=True, viewport={"width": 320, "height": 740})
    page.goto("/2014/03/sa-plogar-vi-varfor/")
    expect(page).to_have_url(re.compile("/nytt/2014/sa-plogar-vi-varfor$"))
    expect(page.get_by_role("heading", name="Så plogar vi & varför")).to_be_visible()
    expect(page.get_by_text("Maja Sund").first).to_be_visible()
    expect(page.get_by_role("img", name="En plog på Storgatan")).to_be_visible()
    expect(page.get_by_text("Plogar ni Åvägen?")).to_be_visible()
    assert judge(page, axe) == []
    page.goto("/?p=6")
    page.get_by_role("link", name="plogningen").click()
    expect(page.get_by_role("heading", name="Så plogar vi & varför")).to_be_visible()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    visit: Callable[..., Page], axe: Callable[..., list[Any]], client: Client
) -> None:
    town = scene.town()
    anna = scene.written(
        client, name="Anna", may_publish="on", text="En fråga\n" + "långtordutanmellanslag" * 9
    )
    scene.answer(town, anna, "Ett svar https://norrvik.example/" + "x" * 90)
    exchange = scene.published(town, anna)
    bo = scene.written(client, may_publish="on", text="Bos fråga")
    scene.answer(town, bo)
    publishing.withdraw(scene.published(town, bo), "Fel", by=town.staff)
    telling.counter(town.function)
    telling.say_who(town.staff)
    make_contact_point(town.function, address="kommun@norrvik.example")
    paths = [*STANDING, f"/fragor/{exchange.number}-{exchange.slug}", f"/fragor/{clock.today():%Y/%m}"]
    paths += [
        f"/dela/fediversum?om={exchange.number}{rest}" for rest in ("", "&server=ett.example", "&server=fel")
    ]
    paths += [f"/fragor/{exchange.number}/omdome?svar=no"]
    paths += [f"/samtal/{anna.token}?ny=1", f"/fragor/{bo.conversation.number}-x"]
    paths += [more_pages.more_than_the_key_shows(client)]
    done = more_pages.outcomes_of(town, anna.conversation, bo.conversation)
    paths += done + [f"/en{path}" for path in done if path.startswith("/ni-sade") and "?" not in path]
    paths += post_in_a_chain() + workshop_of(town)
    paths += [f"/{one}" for one in leading.pages()]
    paths += guest_pages.of(town.staff, town.person, town.function)
    paths += appearances_of(town)
    paths += [f"/ar{path}" for path in paths if not path.startswith("/en/")]
    page = visit(java_script_enabled=True)
    found = {}
    for path in paths:
        page.goto(path)
        mirrored = path.startswith("/ar/") and path not in {
            "/ar/",
            "/ar/skriv",
        }  # what is wide is laid out alike
        found[path] = judge(page, axe, shape, looks=((NARROW, "light"),) if mirrored else LOOKS)
    page.goto("/skriv")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Inte skickat än")).to_be_visible()
    found["errors"] = judge(page, axe)
    assert {path: faults for path, faults in found.items() if faults} == {}


def workshop_of(town: scene.Town) -> list[str]:
    """The pages of the workshop: one experiment that hangs on one person, and one that failed."""
    paths = ["/verkstad"]
    for number in range(2):
        one = experiment(town.person, town.function, title=f"Försök {number} " + "långtord" * 9)
        workshop.publish(one, by=town.staff)
        workshop.tell(one, "Se https://norrvik.example/" + "x" * 90, by=town.staff)
        paths.append(f"/verkstad/{one.pk}-{one.slug}")
    workshop.decide(one, "failed", "Det gick inte.", by=town.staff)
    return paths


def appearances_of(town: scene.Town) -> list[str]:
    """The page of appearances: one with a link and a correction, and one that was withdrawn."""
    long = {"place": "Kuriren " + "långtord" * 9, "link": "https://kuriren.example/" + "x" * 90}
    one = appearance(town.person, town.function, "snorojning", by=town.staff)
    appearances.correct(one, facts(town.person, town.function, **long), "Fel " + "x" * 90, by=town.staff)
    appearances.withdraw(appearance(town.person, town.function, by=town.staff), "Fel", by=town.staff)
    return ["/framtradanden"]


def post_in_a_chain() -> list[str]:
    """The pages of a post of every kind of part, which answers a letter and is about the topic of the outcomes; and of topics."""
    letter = Source.objects.create(
        title="Vi snöar in",
        medium="Bladet",
        date=dt.date(2026, 1, 7),
        quote="Snö.",
        url="https://bladet.example/7",
    )
    paper = Paper.make()
    Function.objects.filter(pk=paper.function.pk).update(name="Vägar")
    body = [
        ("text", "<h2>Så går det till</h2><p>Sju bilar. " + "långtord" * 9 + "</p>"),
        ("picture", {"image": photograph(), "alternative": "En plog", "caption": "Plogen"}),
        ("quotation", {"text": "Snö.", "who": "Bo", "source": letter}),
        ("facts", {"heading": "Plogarna", "text": "<ul><li>Sju bilar.</li></ul>"}),
        ("contact", {"function": paper.function.slug, "text": "Fråga om snö."}),
        (
            "film",
            {"title": "Plogen i natt", "url": "https://film.example/1", "image": None, "length": "2 min"},
        ),
    ]
    post = draft(paper, answers=letter, body=body)
    post.topics.add(Topic.objects.get(slug="snorojning"))
    posts.publish(post, by=paper.editor)
    address = f"/nytt/{clock.today().year}/{post.slug}"
    return ["/nytt", address, f"/en{address}", "/amne", "/amne/snorojning", "/folj/brev"]
