"""Swedish for what Wagtail has no Swedish for: complete for what our users meet, current, and out of the way of other words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import wagtail
from django.utils import translation

from scripts.languages import LANGUAGES
from scripts.messages import Key, compiled, key, same_placeholders, words

HERE = Path(__file__).parents[1] / "wagtails_words" / "sv" / "LC_MESSAGES"
ROOMS = Path(__file__).parents[2]
WAGTAIL = Path(wagtail.__file__).parent
MET = ("", "admin", "documents", "images", "embeds", "locales", "search", "sites", "snippets", "users")
SWEDISH = LANGUAGES[0]
DOMAINS = ("django", "djangojs")


def wagtails(domain: str, language: str) -> Iterator[polib.POEntry]:
    """What the parts of Wagtail that our users meet have in a language."""
    for part in MET:
        path = WAGTAIL / part / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            yield from (entry for entry in polib.pofile(str(path)) if not entry.obsolete)


def ours(domain: str) -> polib.POFile:
    return polib.pofile(str(HERE / f"{domain}.po"))


def of_the_rooms() -> set[Key]:
    found = ROOMS.glob("**/locale/sv/LC_MESSAGES/django.po")
    return {key(entry) for path in found for entry in polib.pofile(str(path)) if not entry.obsolete}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_of_wagtail_that_our_users_meet_has_its_swedish_words(domain: str) -> None:
    said = {key(entry) for entry in wagtails(domain, "sv") if entry.translated()}
    lacking = {key(entry) for entry in wagtails(domain, "en")} - said
    assert lacking - set(map(key, ours(domain))) - of_the_rooms() == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_our_words_are_whole_current_and_never_say_anew_what_wagtail_or_a_room_says(domain: str) -> None:
    entries = ours(domain)
    assert len({key(entry) for entry in entries}) == len(entries)
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if not same_placeholders(entry, SWEDISH)] == []
    assert compiled(HERE / f"{domain}.mo") == {key(entry): words(entry) for entry in entries}
    said = {key(entry) for entry in wagtails(domain, "sv") if entry.translated()} | of_the_rooms()
    assert [one for one in map(key, entries) if one in said] == []


def test_a_screen_finds_them() -> None:
    entry = next(entry for entry in ours("django") if not entry.msgid_plural and not entry.msgctxt)
    with translation.override("sv"):
        assert translation.gettext(entry.msgid) == entry.msgstr
    with translation.override("en"):
        assert translation.gettext(entry.msgid) == entry.msgid
