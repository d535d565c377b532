"""Keeps each room's catalogues whole: gathers new texts, compiles, and checks that nothing lacks its words in any language.

`make messages` writes; `make check` only looks. Gathering needs xgettext (GNU gettext); compiling does not. Which texts a
language must have is said in scripts/languages.py.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import polib
from django.core.management import call_command

from scripts.languages import LANGUAGES, Language

ROOMS = Path(__file__).parent.parent / "src" / "gensvar"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|(?<!\{)\{\w*\}(?!\})")
HEADER = {  # the same in every catalogue and at all times, so that only words make a difference
    "Project-Id-Version": "Gensvar",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
Key = tuple[str, str, str]  # context, text, text for many


def main(action: str) -> int:
    """``make`` gathers and compiles; ``check`` prints what is wrong; gives the exit code."""
    rooms = [room for room in sorted([*ROOMS.iterdir(), *(ROOMS / "channels").iterdir()]) if is_room(room)]
    if action == "make":
        for room in rooms:
            make(room)
        return 0
    found = [f"{name_of(room)}: {fault}" for room in rooms for fault in faults(room)]
    found += [fault for language in LANGUAGES for fault in said_differently(rooms, language)]
    names = " and ".join(language.name for language in LANGUAGES)
    print("\n".join(found) or f"messages: {len(rooms)} rooms, every text has its {names} words")
    if not shutil.which("xgettext"):
        print("messages: whether the catalogues hold every text was NOT checked: xgettext is not installed")
    return 1 if found else 0


def name_of(room: Path) -> str:
    """``square`` or ``channels/email``: what scripts/languages.py calls the room."""
    return str(room.relative_to(ROOMS)) if room.is_relative_to(ROOMS) else room.name


def catalogue_of(room: Path, language: Language) -> Path:
    """Where the room's words in a language stand; the compiled ones beside them."""
    return room / "locale" / language.code / "LC_MESSAGES" / "django.po"


def header(language: Language) -> dict[str, str]:
    """The head of every catalogue in that language."""
    return HEADER | {"Language": language.code, "Plural-Forms": language.plurals}


def is_room(folder: Path) -> bool:
    """Whether the folder may have a catalogue."""
    return folder.is_dir() and folder.name != "channels" and (folder / "__init__.py").exists()


def make(room: Path) -> None:
    """Write the room's catalogues anew, keeping their translations, and compile them. Rooms without texts get none."""
    found = list(gathered(room))
    for language in LANGUAGES:
        wanted = [entry for entry in found if language.needs(name_of(room), files_of(entry))]
        catalogue = catalogue_of(room, language)
        if not wanted and not catalogue.exists():
            continue
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        texts = (
            polib.pofile(str(catalogue), wrapwidth=110) if catalogue.exists() else polib.POFile(wrapwidth=110)
        )
        texts.header, texts.metadata_is_fuzzy, texts.metadata = "", False, header(language)
        said = {key(entry): entry for entry in texts if not entry.obsolete}
        texts[:] = [kept(entry, said.get(key(entry)), language) for entry in wanted]
        texts.save(str(catalogue))
        texts.save_as_mofile(str(catalogue.with_suffix(".mo")))


def kept(entry: polib.POEntry, said: polib.POEntry | None, language: Language) -> polib.POEntry:
    """The text as it stands in the code now, with the words that it had."""
    entry = polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        comment=entry.comment,
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
    )
    if entry.msgid_plural:
        before = said.msgstr_plural if said else {}
        entry.msgstr_plural = {form: before.get(form, "") for form in range(language.forms)}
    else:
        entry.msgstr = said.msgstr if said else ""
    if said and said.fuzzy:
        entry.flags.append("fuzzy")
    return entry


def gathered(room: Path) -> Iterator[polib.POEntry]:
    """What a fresh gathering of the room's code and templates finds, with its files; the room is left as it is."""
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("tests", "static", "migrations", "__pycache__", "channels", "locale")
        copy = shutil.copytree(room, Path(folder) / room.name, ignore=ignored)
        (copy / "locale").mkdir()
        with chdir(copy):
            call_command("makemessages", locale=["sv"], add_location="file", verbosity=0)
        catalogue = copy / "locale/sv/LC_MESSAGES/django.po"
        if catalogue.exists():
            yield from polib.pofile(str(catalogue))


def files_of(entry: polib.POEntry) -> list[str]:
    """The files of the room in which the text stands."""
    return [name for name, _line in entry.occurrences]


def faults(room: Path) -> Iterator[str]:
    """What is wrong with the room's catalogues, in words."""
    found = list(gathered(room)) if shutil.which("xgettext") else None
    for language in LANGUAGES:
        wanted = None
        if found is not None:
            wanted = {key(one) for one in found if language.needs(name_of(room), files_of(one))}
        yield from faults_in(language, catalogue_of(room, language), wanted)


def faults_in(language: Language, catalogue: Path, wanted: set[Key] | None) -> Iterator[str]:
    """What is wrong with one catalogue; without `wanted` nobody knows whether a text lacks altogether."""
    texts = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    live = [entry for entry in texts if not entry.obsolete]
    if wanted is not None:
        known = set(map(key, live))
        for text in sorted(wanted - known):
            yield f"not in the {language.name} catalogue (make messages): {text[1]!r}"
        for text in sorted(known - wanted):
            yield f"no longer in the code, so not in {language.name} (make messages): {text[1]!r}"
    for entry in live:
        if entry.fuzzy or not entry.translated():
            yield f"without {language.name} words: {entry.msgid!r}"
        elif not same_placeholders(entry, language):
            yield f"its placeholders differ in {language.name}: {entry.msgid!r}"
    if live and compiled(catalogue.with_suffix(".mo")) != {key(e): words(e) for e in live if e.translated()}:
        yield f"what is compiled is not what is written in {language.name} (make messages)"


def said_differently(rooms: list[Path], language: Language) -> Iterator[str]:
    """Texts that two rooms put into different words: Django knows only one of them, so give one a context."""
    said: dict[Key, tuple[list[str], str]] = {}
    for room in rooms:
        catalogue = catalogue_of(room, language)
        for entry in polib.pofile(str(catalogue)) if catalogue.exists() else []:
            if entry.obsolete or not entry.translated():
                continue
            before, where = said.setdefault(key(entry), (words(entry), room.name))
            if before != words(entry):
                yield f"{room.name}: {entry.msgid!r} is {words(entry)} here and {before} in {where}"


def key(entry: polib.POEntry | polib.MOEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def words(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def compiled(path: Path) -> dict[Key, list[str]]:
    if not path.exists():
        return {}
    return {key(entry): words(entry) for entry in polib.mofile(str(path))}


def same_placeholders(entry: polib.POEntry, language: Language) -> bool:
    """Every form names the values that its source names; a form for one number alone may leave that number out.

    Not where the number has no name (%d): Python would find a value too many.
    """
    source = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    forms = [set(PLACEHOLDER.findall(form)) for form in words(entry)]
    free = language.exact if entry.msgid_plural and not source & {"%d", "%s"} else frozenset()
    return all(form <= source if number in free else form == source for number, form in enumerate(forms))


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main(sys.argv[1]))
