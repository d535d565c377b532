"""Every kind of public page: its headings, landmarks, names, title and the language of its parts, in both directions;
and valid by the Nu checker, of which one run judges all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.test.signals import template_rendered

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.learning.tests import leading
from gensvar.people.tests.factories import make_function
from gensvar.publishing import services as publishing
from gensvar.publishing.tests.wordpress.exports import SAMPLES
from gensvar.publishing.wordpress import importing as wordpress
from gensvar.publishing.wordpress.making import Choices
from gensvar.square import unsent
from gensvar.square.tests import comments_scene, guest_pages, more_pages, outlines, scene
from gensvar.square.tests.judging import BRIEF, BRIEF_MIRRORED, MIRRORED, judge, write
from gensvar.square.tests.test_telling import counter, say_who
from gensvar.square.tests.test_voices import said
from gensvar.square.tests.test_writing import picture
from tests.databases import ROOT
from tests.looks import EVERY, Look, Onlooker

# On one database, since the checker reads what templates made.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.longest,
]

TEMPLATES = ROOT / "src" / "gensvar" / "square" / "templates"
# Each template that is a page of its own; `_` begins what is part of others, and the preview is a page of the desk.
KINDS = {
    str(one.relative_to(TEMPLATES))
    for one in TEMPLATES.rglob("*.html")
    if not one.name.startswith("_") and one.stem not in {"base", "post_preview"}
}
CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# What the second compiler and several collectors of garbage make ready is of no use any more when one run is over.
QUICK_JAVA: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")
STANDING = (
    *("", "skriv", "fragor", "nytt", "har-finns-vi", "har-finns-vi/utskrift", "sok", "sok?q=fr%C3%A5ga"),
    *(
        "sok?q=kamel",
        "sok?q=svra",
        "vi-svarar",
        "roster",
        "amne",
        "folj",
        "folj/brev",
        "folj/brev/skickat",
        "kommentar/tack",
        "om",
        "verkstad",
        "hur-vi-leder",
        "framtradanden",
    ),
    *("tillganglighet", "tillganglighet/beratta", "kontakt", "personuppgifter", "finns-inte/"),
    *("ni-sade-vi-gjorde",),
)
BARE: Final = ("away", "400", "403", "500")  # where the pages around are away as well: no way on to them


Kinds = dict[str, str]


def pages(client: Client, settings: LazySettings, kinds: Kinds) -> dict[str, bytes]:
    """Each kind of page, with little on it, and with much in Swedish and from right to left, by the name of its file.

    `kinds`: of which kind each is, by the name of its address; what was not found is left out.
    """
    found: dict[str, bytes] = {}

    def keep(name: str, paths: tuple[str, ...], languages: Iterable[str]) -> None:
        for code in languages:
            begin = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
            for path in paths:
                response = client.get(begin + path)
                assert response.status_code in {200, 404, 410}, (begin + path, response.status_code)
                assert response["Content-Type"].startswith("text/html"), begin + path
                file = f"{name}-{code}-{len(found)}-{path.replace('/', '_').partition('?')[0]}"
                found[file] = response.content
                if response.status_code == 200:
                    kinds[file] = str(response.resolver_match.url_name)

    keep("empty", STANDING, [settings.LANGUAGE_CODE])  # what is empty has the same elements in each
    full = everything(client, settings)
    keep("full", full, [code for code, _name in settings.LANGUAGES if code != "en"])
    english = (one for one in full if one.startswith(("ni-sade-vi-gjorde/", "nytt/2")))
    # The rest has the elements that it has in the other foreign language.
    keep("standing", (*STANDING, *english), ["en"])
    form = next(one for one in full if one.endswith("/kommentera"))
    return found | more_pages.faults() | more_pages.refusals(form) | unsent_pages(settings)


def everything(client: Client, settings: LazySettings) -> tuple[str, ...]:
    """The paths of every kind of page in a town where much was said."""
    commented = comments_scene.make()
    talk = comments_scene.pages(commented, settings)
    town = commented.town
    ContactPoint.objects.filter(pk=town.form.pk).update(function=town.function)
    counter(town.function)
    say_who(town.staff)
    said(make_function("Skola"), 20, 20, 20)  # else the page of voices has no figures
    wordpress.bring_home([SAMPLES / "blogg.xml"], Choices(town.function, files=SAMPLES / "uploads"))
    long = "långtordutanmellanslag" * 9
    anna = scene.written(client, name="Anna", may_publish="on", text=f"En fråga\nmed två rader {long}")
    scene.answer(town, anna, "Ett svar https://norrvik.example/" + "x" * 90)
    exchange = scene.published(town, anna)
    scene.answer(town, bo := scene.written(client, may_publish="on", text="Bos fråga"))
    publishing.withdraw(scene.published(town, bo), "Fel", by=town.staff)
    guests = guest_pages.of(town.staff, town.person, town.function)
    one = f"fragor/{exchange.number}-{exchange.slug}"
    return (
        *STANDING,
        one,
        f"{one.rpartition('-' + exchange.slug)[0]}/kommentera",
        f"skriv?om={exchange.number}",
        *leading.pages(),
        f"folj/fraga/{exchange.number}",
        f"folj/brev?om=fraga-{exchange.number}",
        f"samtal/{anna.token}?ny=1",
        f"fragor/{bo.conversation.number}-x",
        f"dela/fediversum?om={exchange.number}",
        f"dela/fediversum?om={exchange.number}&server=fel",
        "nytt/2014/sa-plogar-vi-varfor",
        "fragor/1999/01",
        f"fragor/{clock.today():%Y/%m}",
        "tillganglighet/beratta?sida=/fragor",
        f"fragor/{exchange.number}/omdome?svar=no",
        *(
            path.removeprefix("/")
            for path in (
                *guests,
                *more_pages.of(town),
                more_pages.more_than_the_key_shows(client),
                *more_pages.outcomes_of(town, anna.conversation, bo.conversation),
                *more_pages.post_in_a_chain(),
                *more_pages.workshop_of(town),
                *more_pages.appearances_of(town),
                *(one for one in talk if not one.startswith(("/en/", "/ar/"))),
            )
        ),
    )


def unsent_pages(settings: LazySettings) -> dict[str, bytes]:
    """What is said where the database was lost under what somebody sent, in each language."""
    found: dict[str, bytes] = {}
    request = RequestFactory()
    for code, _name in settings.LANGUAGES:
        begin = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        typed = {"text": "<b>\nhej", "name": "Anna", "email": "a@b.example", "token": "x", "files": picture()}
        with closing(request.post(f"{begin}samtal/x", typed)) as sent:
            found[f"unsent-{code}"] = unsent.page(sent).content
        found[f"unsure-{code}"] = unsent.page(request.post(f"{begin}samtal/x/val"), uncertain=True).content
    return found


def test_every_kind_of_page_is_valid_and_for_everyone(
    client: Client, tmp_path: Path, settings: LazySettings, request: pytest.FixtureRequest
) -> None:
    shown: set[str] = set()

    def note(sender: Any, template: Any, **_: Any) -> None:
        shown.add(str(template.name))

    kinds: Kinds = {}
    template_rendered.connect(note)
    found = pages(client, settings, kinds)
    template_rendered.disconnect(note)
    assert sorted(KINDS - shown) == [], "a kind of page that neither the checker nor a browser would see"
    wrong, titles = told_by_shape(found, kinds)
    assert wrong == {}
    assert {title: of for title, of in titles.items() if len(of) > 1} == {}
    checker = checked(found, tmp_path)
    try:
        faults = judged(request, found)
    finally:
        assert told_by(checker) == []
    assert faults == {}
    if checker is None:
        pytest.skip("Java or the checker (npm vnu-jar) is not here, so no page was checked")


def told_by_shape(found: dict[str, bytes], kinds: Kinds) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """What is wrong with headings, landmarks, names or languages of parts; and which kinds of page have each title."""
    wrong: dict[str, list[str]] = {}
    titles: dict[str, set[str]] = {}
    for name, html in found.items():
        page = html.decode()
        if faults := outlines.faults(page, whole=not name.startswith(BARE)):
            wrong[name] = faults
        if name in kinds:
            titles.setdefault(outlines.title(page), set()).add(kinds[name])
    return wrong, titles


def checked(found: dict[str, bytes], folder: Path) -> subprocess.Popen[bytes] | None:
    """The checker at work on all of them, beside the browser; None where it is not there and need not be."""
    if (java := shutil.which("java")) is None or not CHECKER.exists():
        assert not os.environ.get("GENSVAR_REQUIRE_JAVA"), "Java or the checker (npm vnu-jar) is not here"
        return None
    for name, page in found.items():
        (folder / f"{name}.html").write_bytes(page)
    ways = ["--format", "json", "--exit-zero-always", str(folder)]
    return subprocess.Popen([java, *QUICK_JAVA, "-jar", str(CHECKER), *ways], stderr=subprocess.PIPE)


def told_by(checker: subprocess.Popen[bytes] | None) -> list[str]:
    """What the checker found, once each."""
    if checker is None:
        return []
    said = json.loads(checker.communicate(timeout=300)[1])["messages"]
    return sorted({f"{Path(one['url']).name}: {one['message']} | {one.get('extract', '')}" for one in said})


def looks_at(
    places: set[outlines.Place], met: dict[bool, set[outlines.Place]], mirrored: bool
) -> Sequence[Look]:
    """How to look at a page with these places, and that they are met now from the side that it is read from.

    At all looks where it has an element that no page before had, at those of the other side where none from its own side had it,
    at one where an element lies in another than on any page before. What lies as it did has nothing new but its words.
    """
    elements = {element for _, element in places}
    before = {side: {element for _, element in met[side]} for side in met}
    new = places - met[mirrored]
    met[mirrored] |= places
    if elements - before[True] - before[False]:
        return EVERY
    if elements - before[mirrored]:
        return MIRRORED
    return (BRIEF_MIRRORED if mirrored else BRIEF) if new else ()


def judged(request: pytest.FixtureRequest, found: dict[str, bytes]) -> dict[str, list[Any]]:
    """What a browser finds on each page that has something new to be judged.

    The first page is loaded. The others are written into its document, which keeps axe-core warm: docs/why/decisions.md, 80.
    """
    page = request.getfixturevalue("open_page")(base_url=request.getfixturevalue("live_server").url)
    page.goto("/")
    page.keyboard.press("Tab")  # from here on the browser shows where the focus is
    onlooker = Onlooker(page)
    met: dict[bool, set[outlines.Place]] = {True: set(), False: set()}
    faults = {}
    for name, html in found.items():
        mirrored = b'dir="rtl"' in html[:300]
        looks = looks_at(outlines.places(html.decode()), met, mirrored)
        if not looks:
            continue
        write(page, html.decode())
        bare = name.startswith(("500-", "away"))  # these stand without our menu, since it asks the database
        said = judge(page, looks, by=onlooker)
        faults[name] = [one for one in said if not (bare and str(one).startswith(("landmark body", "only")))]
    return {name: said for name, said in faults.items() if said}
