"""Which servers say in Authentication-Results that a mail is not from its sender (RFC 8601, RFC 7489 § 11.1).

Anybody can write that field into a mail: which server is believed is a setting of the core's, and of a server only what
stands above the next hop. Neighbour: reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

FIELD, HOP = "authentication-results", "received"
MOST = 150  # fields of one mail that are looked at
ASIDE = re.compile(r'"(?:[^"\\]|\\.){0,1000}"|\([^()]{0,1000}\)')  # what is quoted, and comments
RESULT = re.compile(r"\s*([a-z0-9-]{1,40})(?:\s*/\s*\d{1,5})?\s*=\s*([a-z]{1,20})\b")
NOT_JUDGED = frozenset({"none", "temperror", "permerror"})


def doubted_by(fields: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The servers, in lower case, by whose results nobody vouches for the sender.

    `fields`: these and `Received`, from the top down. A server may write several, above its own Received; what stands below
    that in its name came with the mail, and not every filter takes it away (RFC 8601 § 5).
    """
    said: dict[str, set[tuple[str, str]]] = {}
    done: set[str] = set()
    for kind, field in islice(fields, MOST):
        if kind == HOP:
            done |= said.keys()
            continue
        server, *results = ASIDE.sub(" ", field.lower()).split(";")
        if (named := server.split()[:1]) and named[0] not in done:
            said.setdefault(named[0], set()).update(_read(results))
    return frozenset(name for name, results in said.items() if _is_doubt(results))


def _read(results: Iterable[str]) -> set[tuple[str, str]]:
    """Each method with its result: ("dmarc", "fail"). What SPF says of a server's own name alone says nothing of a sender."""
    return {
        (found[1], found[2])
        for result in results
        if (found := RESULT.match(result)) and not (found[1] == "spf" and _is_of_a_server(result))
    }


def _is_of_a_server(result: str) -> bool:
    return "smtp.helo" in result and "smtp.mailfrom" not in result


def _is_doubt(results: set[tuple[str, str]]) -> bool:
    """Whether DMARC failed; where it judged nothing, whether SPF failed and no signature holds either."""
    judged = {result for method, result in results if method == "dmarc"} - NOT_JUDGED
    if judged:
        return "fail" in judged
    return ("spf", "fail") in results and ("dkim", "pass") not in results
