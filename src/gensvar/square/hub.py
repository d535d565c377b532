"""Tells a WebSub hub which feeds have changed, so that their readers hear of it at once (W3C WebSub § 7).

The hub is another's server, named by GENSVAR_WEBSUB_HUB; none is by default. Neighbour: the runner tries again.
"""

from __future__ import annotations

import logging
from typing import Final

import httpx
from django.conf import settings
from django.utils.translation import override

from gensvar.core.events import Again, Settle, network
from gensvar.people.models import Person
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.streams import FORMS, FUNCTION, TOPIC, Stream, everything, of_person

logger = logging.getLogger(__name__)

TIMEOUT: Final = 10.0  # seconds for each step


class HubBusy(Exception):
    """The hub did not take the news now; the runner tries again."""


def give_up(fact: EntryChanged, error: str) -> None:
    """The hub was away for long: its readers find the news when they ask by themselves."""
    logger.warning("The WebSub hub was not told of a change: %s", error)


@network(gave_up=give_up)
def announce(fact: EntryChanged) -> Settle:
    """Handler: name every feed that the change touches. Redirects are not followed: they could lead inside our own net.

    Raises HubBusy and httpx.HTTPError where trying again may help.
    """
    if not settings.GENSVAR_WEBSUB_HUB:
        return _nothing
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
        answer = client.post(
            settings.GENSVAR_WEBSUB_HUB, data={"hub.mode": "publish", "hub.url": feeds_of(fact)}
        )
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise HubBusy(f"The hub answered {answer.status_code}.")
    if not answer.is_success:
        logger.error("The WebSub hub refuses our news with %s; nothing was sent.", answer.status_code)
    return _nothing


def feeds_of(fact: EntryChanged) -> list[str]:
    """The absolute address of every feed that holds, or held, the entry, in every form and language."""
    found: list[str] = []
    persons = list(Person.objects.filter(pk__in=fact.persons, shown=True))
    for language, _name in settings.LANGUAGES:
        with override(language):
            touched = [everything()]
            touched += [Stream(FUNCTION, slug, slug) for slug in fact.functions]
            touched += [Stream(TOPIC, slug, slug) for slug in fact.topics]
            touched += [of_person(one) for one in persons]
            found += [settings.GENSVAR_URL + one.address(form) for one in touched for form in FORMS]
    return found


def _nothing() -> Again:
    return None
