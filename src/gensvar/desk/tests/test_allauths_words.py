"""Our Swedish for what allauth says in other words: heard on its screens, current, and in nobody else's way."""

from __future__ import annotations

from pathlib import Path

import allauth
import polib
import pytest
from django.test import Client

from gensvar.desk.tests.scene import Town
from scripts.languages import LANGUAGES
from scripts.messages import Key, compiled, key, same_placeholders, words

HERE = Path(__file__).parents[1] / "allauths_words" / "sv" / "LC_MESSAGES"
ALLAUTH = Path(allauth.__file__).parent / "locale" / "sv" / "LC_MESSAGES" / "django.po"
ROOMS = Path(__file__).parents[2]


def ours() -> polib.POFile:
    return polib.pofile(str(HERE / "django.po"))


def of_the_rooms() -> set[Key]:
    found = ROOMS.glob("**/locale/sv/LC_MESSAGES/django.po")
    return {key(entry) for path in found for entry in polib.pofile(str(path)) if not entry.obsolete}


def test_they_are_whole_and_each_says_anew_what_allauth_still_says_otherwise() -> None:
    entries = ours()
    theirs = {key(entry): words(entry) for entry in polib.pofile(str(ALLAUTH)) if not entry.obsolete}
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if not same_placeholders(entry, LANGUAGES[0])] == []
    assert [entry.msgid for entry in entries if theirs.get(key(entry)) in (None, words(entry))] == []
    assert [one for one in map(key, entries) if one in of_the_rooms()] == []
    assert compiled(HERE / "django.mo") == {key(entry): words(entry) for entry in entries}


@pytest.mark.django_db
def test_the_log_in_asks_for_an_e_postadress(client: Client, town: Town) -> None:
    page = client.get("/konto/login/").content.decode()
    assert 'placeholder="E-postadress"' in page
    assert "Epost" not in page
    wrong = client.post("/konto/login/", {"login": "kim@norrvik.example", "password": "fel"})
    assert "E-postadressen eller lösenordet stämmer inte." in wrong.content.decode()
    assert "Epost" not in client.get("/konto/password/reset/").content.decode()
