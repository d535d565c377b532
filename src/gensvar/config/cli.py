"""The `gensvar` command's door: a mail server's pipe is answered 75 whatever goes wrong, even while we are being imported."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import Final

TEMPFAIL: Final = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again
FOR_US_ALONE: Final = 0o077  # what we write holds residents' words: no other user of the machine may read it


def main() -> None:
    """Run the command line. Never returns."""
    os.umask(FOR_US_ALONE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no ✓ shall not end what writes one
            stream.reconfigure(errors="replace")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
    if sys.argv[1:2] == ["deliver"] and not {"-h", "--help"} & set(sys.argv):
        sys.exit(_deliver(sys.argv[1:]))
    from gensvar.config import language

    language.speak()
    from gensvar.config.commands import gensvar

    gensvar(prog_name="gensvar")


def _deliver(arguments: list[str]) -> int:
    """0 only when the mail is committed; 75 for everything else: a bad option, a missing library, no database."""
    try:
        signal.signal(signal.SIGTERM, _give_up)
        from gensvar.config import language

        language.speak()
        from gensvar.config.commands import gensvar

        code = gensvar(arguments, prog_name="gensvar", standalone_mode=False)
    except (
        BaseException
    ) as error:  # also KeyboardInterrupt and SystemExit: the mail server still holds the mail
        said = error.format_message() if hasattr(error, "format_message") else repr(error)
        sys.stderr.write(f"gensvar deliver: {said}\n{_not_taken()}\n")
        return TEMPFAIL
    return 0 if code == 0 else TEMPFAIL


def _not_taken() -> str:
    """What a mail server's log shall say; in English where even our own words cannot be read."""
    sentence = "The mail was not taken; the mail server keeps it and tries again."
    try:
        from gensvar.config.language import gettext as _

        return _("The mail was not taken; the mail server keeps it and tries again.")
    except Exception:
        return sentence


def _give_up(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TEMPFAIL)
