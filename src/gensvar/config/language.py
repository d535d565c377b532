"""The command line's language and its words in it: known from the environment alone, before Django and without it.

The catalogue is config's own; click's few sentences have one beside it (locale/sv/LC_MESSAGES/click.po).
"""

from __future__ import annotations

import functools
import gettext as catalogues
import os
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("sv", "en")
CLICK: Final = "click"  # the catalogue of what click itself says


def language() -> str:
    """`sv` or `en`: what GENSVAR_LANGUAGE says, else the terminal's own language (POSIX: LC_ALL, LC_MESSAGES, LANG)."""
    wanted = os.environ.get("GENSVAR_LANGUAGE") or next(
        (said for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (said := os.environ.get(name))), ""
    )
    return "sv" if wanted.lower().startswith("sv") else "en"


def speak() -> None:
    """Let click, too, speak that language. It asks Python's own gettext, which reads LANGUAGE."""
    if language() == "sv":
        os.environ["LANGUAGE"] = "sv"
        catalogues.bindtextdomain(CLICK, str(LOCALE))
        catalogues.textdomain(CLICK)


def gettext(text: str) -> str:
    """The text in the command line's language."""
    return _catalogue(language()).gettext(text)


def ngettext(one: str, more: str, number: int) -> str:
    """The form of the text that fits the number, in the command line's language."""
    return _catalogue(language()).ngettext(one, more, number)


def gettext_noop(text: str) -> str:
    """The text itself, marked for the catalogue: whoever shows it asks gettext for it."""
    return text


@functools.cache
def _catalogue(wanted: str) -> catalogues.NullTranslations:
    if wanted != "sv":
        return catalogues.NullTranslations()
    return catalogues.translation("django", str(LOCALE), [wanted])
