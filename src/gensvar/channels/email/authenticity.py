"""Which servers say in Authentication-Results that a mail is not from its sender (RFC 8601, RFC 7489 § 11.1).

Anybody can write that field into a mail: which server is believed is a setting of the core's. Neighbour: reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

FIELD = "authentication-results"
MOST = 50  # fields of one mail that are looked at
ASIDE = re.compile(r'"(?:[^"\\]|\\.){0,1000}"|\([^()]{0,1000}\)')  # what is quoted, and comments
RESULT = re.compile(r"\s*([a-z0-9-]{1,40})(?:\s*/\s*\d{1,5})?\s*=\s*([a-z]{1,20})\b")
NOT_JUDGED = frozenset({"none", "temperror", "permerror"})


def doubted_by(fields: Sequence[str]) -> frozenset[str]:
    """The servers, in lower case, by whose results nobody vouches for the sender; a server may write several fields."""
    said: dict[str, set[tuple[str, str]]] = {}
    for field in fields[:MOST]:
        server, *results = ASIDE.sub(" ", field.lower()).split(";")
        if name := server.split()[:1]:
            said.setdefault(name[0], set()).update(_read(results))
    return frozenset(name for name, results in said.items() if _is_doubt(results))


def _read(results: Iterable[str]) -> set[tuple[str, str]]:
    """Each method with its result: ("dmarc", "fail")."""
    return {(found[1], found[2]) for result in results if (found := RESULT.match(result))}


def _is_doubt(results: set[tuple[str, str]]) -> bool:
    """Whether DMARC failed; where it judged nothing, whether SPF failed and no signature holds either."""
    judged = {result for method, result in results if method == "dmarc"} - NOT_JUDGED
    if judged:
        return "fail" in judged
    return ("spf", "fail") in results and ("dkim", "pass") not in results
