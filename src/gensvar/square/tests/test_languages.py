"""The square in each of its languages, and in Arabic from right to left."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings, settings
from django.test import Client, RequestFactory
from django.utils.translation import override

from gensvar.answers.languages import guessed, language_of_part, languages_of, spoken
from gensvar.answers.links import private_link
from gensvar.answers.receipts import subject, text
from gensvar.conversations.models import Participant
from gensvar.square import errors, face
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(client: Client) -> Participant:
    """Who has written by the form."""
    scene.town()
    return scene.written(client)


def test_an_arabic_page_runs_from_right_to_left_and_names_its_other_languages(client: Client) -> None:
    scene.town()
    page = client.get("/ar/har-finns-vi").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert 'hreflang="en"' in page
    assert '<bdi lang="sv">Gata &amp; park</bdi>' in page
    for path in ("/har-finns-vi", "/en/har-finns-vi"):
        other = client.get(path).content.decode()
        assert 'dir="rtl"' not in other
        assert '<a href="/ar/har-finns-vi" lang="ar" hreflang="ar">العربية</a>' in other


def test_arabic_letters_are_fetched_by_arabic_pages_alone(client: Client) -> None:
    assert "ibm-plex-sans-arabic-arabic-400" in client.get("/ar/").content.decode()
    assert "arabic" not in client.get("/").content.decode()
    sheet = face.sheet().data.decode()
    rules = re.findall(r"[^{}]*\{[^{}]*\}", sheet)
    naming = [rule for rule in rules if "IBM Plex Sans Arabic" in rule and "@font-face" not in rule]
    assert naming
    assert all("html:lang(ar)" in rule for rule in naming)


def test_nothing_of_ours_is_laid_out_by_left_and_right() -> None:
    sheet = (face.OURS / "square.css").read_text()
    physical = r"(?<![\w-])(?:(?:margin|padding|border|inset)-)?(?:left|right)(?:-\w+)?\s*:|text-align:\s*(?:left|right)|float:"
    assert re.findall(physical, sheet) == []


def test_the_number_of_a_conversation_stays_whole_between_arabic_words(
    client: Client, anna: Participant
) -> None:
    page = client.get(f"/ar/samtal/{anna.token}").content.decode()
    assert f'<bdi class="number" dir="ltr">{anna.conversation.number}</bdi>' in page


def test_a_receipt_is_in_the_language_of_the_writer_with_its_private_page(anna: Participant) -> None:
    languages = languages_of(guessed("السلام عليكم، متى تُزال الثلوج من شارعنا؟"))
    assert languages == ["ar"]
    said = text(anna.conversation, anna, languages)
    assert f"\u2068{anna.conversation.number}\u2069" in said
    assert "/ar/samtal/" in said
    assert "لقد استلمنا" in subject(anna.conversation, languages)
    assert "/en/samtal/" in private_link(anna, "fi")


def test_persian_is_not_taken_for_arabic() -> None:
    assert guessed("سلام، چه زمانی برف خیابان ما را پاک می‌کنید؟") == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "يوم عمل واحد"), (2, "يومَي عمل"), (5, "5 أيام عمل"), (11, "11 يوم عمل"), (100, "100 يوم عمل")],
)
def test_arabic_counts_in_six_forms(days: int, said: str) -> None:
    from gensvar.square.templatetags.square import within

    with override("ar"):
        assert said in within(days)


def test_what_goes_wrong_is_said_in_the_language_of_the_address(client: Client) -> None:
    assert '<html lang="ar" dir="rtl"' in client.get("/ar/finns-inte/").content.decode()
    broken = errors.broken(RequestFactory().get("/ar/skriv")).content.decode()
    assert '<html lang="ar" dir="rtl"' in broken
    assert '<section lang="ar" dir="rtl">' in errors.away_page()
    nothing = client.get("/finns-inte").content.decode()
    assert '<a href="/en/" lang="en" hreflang="en">English</a>' in nothing, (
        "the same address says it in Swedish again"
    )


def test_the_desk_answers_strangers_in_a_language_that_it_has(client: Client) -> None:
    page = client.get("/konto/login/", headers={"accept-language": "ar"})
    assert page["Content-Language"] == settings.LANGUAGE_CODE


def test_what_was_mailed_in_a_language_that_the_town_left_leads_on(
    client: Client, anna: Participant, settings: LazySettings
) -> None:
    own = f"/samtal/{anna.shown_token}"
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("sv", "Swedish")]
    assert client.get(f"/en{own}").status_code == 404, "as if there had never been one"
    settings.GENSVAR_LANGUAGES_LEFT = ["en", "ar"]
    for method in (client.get, client.post):
        led = method(f"/en{own}?ny=svar")
        assert (led.status_code, led["Location"]) == (307, f"{own}?ny=svar")
        assert (led["Cache-Control"], led["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert client.get(f"/en{own}", follow=True).status_code == 200
    assert client.get("/ar/").headers["Location"] == "/"
    assert client.get("/en/nytt/2026/snö").headers["Location"] == "/nytt/2026/sn%C3%B6"
    assert client.get("/en//bort.example/").status_code == 404
    assert client.get("/en/\\bort.example/").headers["Location"] == "/%5Cbort.example/"
    assert client.get("/de/fragor").status_code == 404


def test_private_pages_of_every_language_are_named_to_search_engines(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /ar/samtal/" in said
    assert "Disallow: /en/samtal/" in said


@pytest.mark.parametrize(
    ("page", "said", "language"),
    [
        ("en", "Vi snöar in och ingen plogar", "sv"),
        ("en", "Åvägen 3", "sv"),
        ("en", "The plough on Åvägen is late and we are not happy", ""),
        ("en", "Ich bin nicht aus Köln und das ist gut", ""),
        ("sv", "When will you clear the snow in our street?", "en"),
        ("sv", "Snö på Storgatan", ""),
        ("sv", "Lamppu on rikki", ""),  # "on" is English and Finnish
        ("sv", "My child has no place", "en"),
        ("sv", "متى تُزال الثلوج من شارعنا؟", "ar"),
        ("ar", "When will you clear the snow in our street?", "en"),
        ("ar", "Norrvik", "sv"),
    ],
)
def test_words_of_unknown_language_say_what_their_small_words_tell(
    page: str, said: str, language: str
) -> None:
    with override(page):
        assert language_of_part("", said) == (f' lang="{language}"' if language else "")


@pytest.mark.parametrize(
    ("claimed", "said", "language"),
    [
        ("sv", "When will you clear the snow in our street?", "en"),
        ("en-US", "När kommer plogen till vår gata?", "sv"),
        ("sv", "متى تُزال الثلوج من شارعنا؟", "ar"),
        ("ar", "Norrvik", ""),
        ("en", "Åvägen 3", ""),
        ("sv", "Ich bin nicht aus Norrvik und das ist gut", ""),
        ("sv", "Снег у нас", ""),
        ("en-GB", "Thanks", "en-GB"),
        ("sv", "👍", "sv"),
        ("sv", "Hon bor i Danmark", "sv"),  # "i" is Polish too
        ("fi", "Missä aura on?", "fi"),
    ],
)
def test_what_came_with_words_holds_where_they_say_nothing_else(
    claimed: str, said: str, language: str
) -> None:
    assert spoken(said, claimed) == language
