"""Every kind of public page: its headings, landmarks, names, title and the language of its parts, in both directions;
and valid by the Nu checker, of which one run judges all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory

from gensvar.contactpoints.models import ContactPoint
from gensvar.learning.tests import leading
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.people.tests.factories import make_function
from gensvar.publishing import services as publishing
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.wordpress.exports import SAMPLES
from gensvar.publishing.wordpress import importing as wordpress
from gensvar.publishing.wordpress.making import Choices
from gensvar.square import unsent
from gensvar.square.tests import comments_scene, guest_pages, more_pages, outlines, scene
from gensvar.square.tests.test_telling import counter, say_who
from gensvar.square.tests.test_voices import said
from gensvar.square.tests.test_writing import picture
from tests.databases import ROOT

# On one database, since the checker reads what templates made.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
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


def tried(town: scene.Town) -> str:
    """The path of an experiment."""
    found = experiment(town.person, town.function)
    workshop.publish(found, by=town.staff)
    return f"verkstad/{found.pk}-{found.slug}"


Titles = dict[str, set[str]]


def pages(client: Client, settings: LazySettings, titles: Titles) -> dict[str, bytes]:
    """Each kind of page, with little on it, and with much in Swedish and from right to left, by the name of its file.

    `titles`: which kinds of page, by the names of their addresses, have each title; what was not found is left out.
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
                    kind = str(response.resolver_match.url_name)
                    titles.setdefault(outlines.title(response.content.decode()), set()).add(kind)

    keep("empty", STANDING, [settings.LANGUAGE_CODE])  # what is empty has the same elements in each
    full = everything(client, settings)
    keep("full", full, [code for code, _name in settings.LANGUAGES if code != "en"])
    keep("standing", STANDING, ["en"])  # the rest has the elements that it has in the other foreign language
    return found | more_pages.faults() | unsent_pages(settings)


def everything(client: Client, settings: LazySettings) -> tuple[str, ...]:
    """The paths of every kind of page in a town where much was said."""
    commented = comments_scene.make()
    talk = comments_scene.pages(commented, settings)
    town = speaks(commented.town)
    ContactPoint.objects.filter(pk=town.form.pk).update(function=town.function)
    counter(town.function)
    say_who(town.staff)
    said(make_function("Skola"), 20, 20, 20)  # else the page of voices has no figures
    wordpress.bring_home([SAMPLES / "blogg.xml"], Choices(town.function, files=SAMPLES / "uploads"))
    anna = scene.written(client, name="Anna", may_publish="on", text="En fråga\nmed två rader")
    scene.answer(town, anna, "Ett svar https://norrvik.example/")
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
        tried(town),
        *leading.pages(),
        f"folj/fraga/{exchange.number}",
        f"folj/brev?om=fraga-{exchange.number}",
        f"samtal/{anna.token}?ny=1",
        f"fragor/{bo.conversation.number}-x",
        f"dela/fediversum?om={exchange.number}",
        f"dela/fediversum?om={exchange.number}&server=fel",
        "nytt/2014/sa-plogar-vi-varfor",
        f"fragor/{exchange.number}/omdome?svar=no",
        *(
            path.removeprefix("/")
            for path in (
                *guests,
                *more_pages.of(town),
                more_pages.more_than_the_key_shows(client),
                *more_pages.outcomes_of(town, anna.conversation, bo.conversation),
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


def speaks(town: scene.Town) -> scene.Town:
    """The town, which appeared elsewhere twice: one appearance was corrected, the other withdrawn."""
    spoke = appearance(town.person, town.function, by=town.staff)
    appearances.correct(
        spoke, facts(town.person, town.function, place="Radio Norrvik"), "Fel.", by=town.staff
    )
    appearances.withdraw(appearance(town.person, town.function, by=town.staff), "Fel", by=town.staff)
    return town


def test_every_kind_of_page_has_its_shape_and_the_nu_checker_finds_nothing(
    client: Client, tmp_path: Path, settings: LazySettings
) -> None:
    titles: Titles = {}
    found = pages(client, settings, titles)
    wrong = {
        name: faults
        for name, page in found.items()
        if (faults := outlines.faults(page.decode(), whole=not name.startswith(BARE)))
    }
    assert wrong == {}
    assert {title: kinds for title, kinds in titles.items() if len(kinds) > 1} == {}
    is_valid(found, tmp_path)


def is_valid(found: dict[str, bytes], folder: Path) -> None:
    """By the checker, where it is here."""
    if (java := shutil.which("java")) is None or not CHECKER.exists():
        reason = "Java or the checker (npm vnu-jar) is not here, so no page was checked"
        if os.environ.get("GENSVAR_REQUIRE_JAVA"):
            pytest.fail(reason)
        pytest.skip(reason)
    for name, page in found.items():
        (folder / f"{name}.html").write_bytes(page)
    ran = subprocess.run(
        [java, "-Xss1m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", str(folder)],
        capture_output=True,
        check=True,
        timeout=300,
    )
    said = json.loads(ran.stderr)["messages"]
    assert (
        sorted({f"{Path(one['url']).name}: {one['message']} | {one.get('extract', '')}" for one in said})
        == []
    )
