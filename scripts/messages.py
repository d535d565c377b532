"""Keeps each room's catalogue whole: gathers new texts, compiles, and checks that nothing lacks its Swedish words.

`make messages` writes; `make check` only looks. Gathering needs xgettext (GNU gettext); compiling does not.
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

ROOMS = Path(__file__).parent.parent / "src" / "gensvar"
CATALOGUE = Path("locale/sv/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|(?<!\{)\{\w*\}(?!\})")
HEADER = {  # the same in every catalogue and at all times, so that only words make a difference
    "Project-Id-Version": "Gensvar",
    "Language": "sv",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def main(action: str) -> int:
    """``make`` gathers and compiles; ``check`` prints what is wrong; gives the exit code."""
    rooms = [room for room in sorted([*ROOMS.iterdir(), *(ROOMS / "channels").iterdir()]) if is_room(room)]
    if action == "make":
        for room in rooms:
            make(room)
        return 0
    found = [f"{room.relative_to(ROOMS)}: {fault}" for room in rooms for fault in faults(room)]
    found += said_differently(rooms)
    print("\n".join(found) or f"messages: {len(rooms)} rooms, every text has its Swedish words")
    if not shutil.which("xgettext"):
        print("messages: whether the catalogues hold every text was NOT checked: xgettext is not installed")
    return 1 if found else 0


def is_room(folder: Path) -> bool:
    """Whether the folder may have a catalogue."""
    return folder.is_dir() and folder.name != "channels" and (folder / "__init__.py").exists()


def make(room: Path) -> None:
    """Write the room's catalogue anew, keeping its translations, and compile it. Rooms without texts get none."""
    catalogue = room / CATALOGUE
    if not catalogue.exists() and not list(gathered(room)):
        return
    with chdir(room):
        (room / "locale").mkdir(exist_ok=True)
        gather()
    texts = polib.pofile(str(catalogue), wrapwidth=110)
    texts.header, texts.metadata_is_fuzzy = "", False
    texts.metadata = HEADER
    for entry in texts.obsolete_entries():
        texts.remove(entry)
    texts.save()
    texts.save_as_mofile(str(catalogue.with_suffix(".mo")))


def gather() -> None:
    """Run Django's own gathering in the current folder."""
    call_command(
        "makemessages", locale=["sv"], add_location=None, no_location=True, verbosity=0,
        ignore_patterns=["tests/*", "static/*", "migrations/*"],
    )  # fmt: skip


def gathered(room: Path) -> Iterator[polib.POEntry]:
    """What a fresh gathering of the room's code and templates finds; the room itself is left as it is."""
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("tests", "static", "migrations", "__pycache__", "channels", "locale")
        copy = shutil.copytree(room, Path(folder) / room.name, ignore=ignored)
        (copy / "locale").mkdir()
        with chdir(copy):
            gather()
        if (copy / CATALOGUE).exists():
            yield from polib.pofile(str(copy / CATALOGUE))


def faults(room: Path) -> Iterator[str]:
    """What is wrong with the room's catalogue, in words."""
    catalogue = room / CATALOGUE
    texts = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    live = [entry for entry in texts if not entry.obsolete]
    if shutil.which("xgettext"):
        known, found = set(map(key, live)), set(map(key, gathered(room)))
        yield from (f"not in the catalogue (make messages): {text[1]!r}" for text in sorted(found - known))
        yield from (f"no longer in the code (make messages): {text[1]!r}" for text in sorted(known - found))
    for entry in live:
        if entry.fuzzy or not entry.translated():
            yield f"without Swedish words: {entry.msgid!r}"
        elif not same_placeholders(entry):
            yield f"its placeholders differ: {entry.msgid!r}"
    if live and compiled(catalogue.with_suffix(".mo")) != {key(e): words(e) for e in live if e.translated()}:
        yield "what is compiled is not what is written (make messages)"


def said_differently(rooms: list[Path]) -> Iterator[str]:
    """Texts that two rooms put into different words: Django knows only one of them, so give one a context."""
    said: dict[tuple[str, str, str], tuple[list[str], str]] = {}
    for room in rooms:
        catalogue = room / CATALOGUE
        for entry in polib.pofile(str(catalogue)) if catalogue.exists() else []:
            if entry.obsolete or not entry.translated():
                continue
            before, where = said.setdefault(key(entry), (words(entry), room.name))
            if before != words(entry):
                yield f"{room.name}: {entry.msgid!r} is {words(entry)} here and {before} in {where}"


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def words(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def compiled(path: Path) -> dict[tuple[str, str, str], list[str]]:
    if not path.exists():
        return {}
    return {key(entry): words(entry) for entry in polib.mofile(str(path))}


def same_placeholders(entry: polib.POEntry) -> bool:
    """Every form names the values that its source names; only a form for one may leave the number out."""
    source = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    *one, last = [set(PLACEHOLDER.findall(form)) for form in words(entry)]
    return last == source and all(form <= source for form in one)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main(sys.argv[1]))
