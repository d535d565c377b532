"""What a request says of its body, before Django believes it: the kind and the boundary, in UTF-8, and nothing else.

Django reads the rest with the mail parser of Python, and decodes query and fields by any charset that Python has. Both
take a time that grows as the square of the length: one request of 100 kB kept a process busy for half a minute.
Neighbour: wsgi puts it in front of Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LONGEST: Final = 1000  # characters; a boundary has at most 70 (RFC 2046 § 5.1.1)
_KIND: Final = re.compile(r"[ \t]*([A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127})[ \t]*(?=;|\Z)")
_PARAMETER: Final = re.compile(r';[ \t]*([A-Za-z]{1,20})=("[^"\\\r\n]{1,200}"|[^\s;,"]{1,200})[ \t]*(?=;|\Z)')
_MEANT: Final = {"boundary": re.compile(r".+"), "charset": re.compile(r'"?utf-?8"?', re.IGNORECASE)}


def plain(given: str) -> str:
    """The header as browsers and mail programs write it, unchanged; of any other what is known, or nothing.

    A form in another charset is read as UTF-8, as every page that has one is (HTML Standard § 4.10.21.5).
    """
    kind = _KIND.match(given) if len(given) <= LONGEST else None
    if kind is None:
        return ""
    known, at = dict[str, str](), kind.end()
    while found := _PARAMETER.match(given, at):
        at = found.end()
        if (meant := _MEANT.get(found[1].lower())) is not None and meant.fullmatch(found[2]):
            known.setdefault(found[1].lower(), found[2])
    if at == len(given) and len(known) == given.count(";"):
        return given
    return "; ".join([kind[1], *(f"{name}={value}" for name, value in known.items())])


def said_plainly(application: Application) -> Application:
    """The WSGI application, told of each body only what `plain` leaves."""

    def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if given := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = plain(given)
        return application(environ, start_response)

    return asked
