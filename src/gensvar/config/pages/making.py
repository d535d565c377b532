"""Has Django make a page from its name alone, and judges whether it may be kept; deny first.

Neighbours: front asks for it, kept is what comes of it, shown says which tables are watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from gensvar.config.pages.asking import Environ
from gensvar.config.pages.shown import SHOWN, STEADY
from gensvar.core import reads
from gensvar.square.headers import FORM_ID

Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

LARGEST: Final = 1 << 20  # bytes
_MAY_VARY: Final = frozenset({"", "accept-encoding", "accept-language"})  # the language is in the path


@dataclass(slots=True)
class Made:
    """One whole answer of Django, and the tables that it was made of."""

    status: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    tables: set[str] = field(default_factory=set)
    form_id: bytes = b""  # what of the page is not the same for everybody (square.headers)

    @property
    def failed(self) -> bool:
        """Whether the fault is ours: nothing was made, or a page that lacks something (square.headers)."""
        return self.status.startswith("5") or (self.status.startswith("200") and "no-store" in self._rules)

    @property
    def may_be_kept(self) -> bool:
        """Whether it says itself that it is for everybody, but for the one id of its form, and nothing speaks against it."""
        return self._is_public and not self.unwatched

    @property
    def unwatched(self) -> list[str]:
        """Tables that it was made from without anybody watching them; of what is not public, none."""
        return sorted(self.tables - SHOWN.keys() - STEADY) if self._is_public else []

    @property
    def _is_public(self) -> bool:
        said = {name.lower(): value.lower() for name, value in self.headers}
        return (
            self.status.startswith("200")
            and ("private" if self._holds_one_id else "public") in self._rules
            and not self._rules & {"no-store", "no-cache"}
            and not {"public", "private"} <= self._rules
            and not {"set-cookie", "content-encoding", "www-authenticate"} & set(said)
            and set(re.split(r"\s*,\s*", said.get("vary", ""))) <= _MAY_VARY
            and "'nonce-" not in said.get("content-security-policy", "")
            and len(self.body) <= LARGEST
        )

    @property
    def _holds_one_id(self) -> bool:
        return bool(self.form_id) and self.body.count(self.form_id) == 1

    @property
    def _rules(self) -> set[str]:
        values = (value for name, value in self.headers if name.lower() == "cache-control")
        return {rule.strip().lower() for value in values for rule in value.split(",")}


def make(application: Application, environ: Environ) -> Made:
    """Let the application answer, and see what it reads."""
    made = Made()

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        made.status, made.headers = status, headers

    with reads.seen() as made.tables:
        answer = application(environ, start_response)
        try:
            made.body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
    made.form_id = str(environ.get(FORM_ID, "")).encode()
    return made
