"""A guest who is invited, has handed in, or has said yes, for the tests of guest voices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, tokens
from gensvar.publishing.guests import agreeing, letters, services
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.guests.services import Invitation
from gensvar.publishing.guests.writing import Written
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import GuestByline, Post
from gensvar.publishing.tests.posts_scene import Paper

TEXT = Written(
    "Bron vi går över", "Om gångbron vid kvarnen.", "Varje dag går jag över bron.\n\n- räcket\n- isen"
)


def invite(paper: Paper, **fields: Any) -> GuestVoice:
    """A guest with an invitation in the outbox; the municipality can mail."""
    if letters.place_of(GuestVoice(function=paper.function)) is None:
        make_contact_point(paper.function, address="gata@norrvik.example")
    given: dict[str, Any] = {
        "name": "Anna Lind",
        "email": "anna@example.org",
        "kind": GuestByline.Kind.ASSOCIATION,
        "association": "Kvarnens vänner",
        "about": "Bron vid kvarnen",
        "language": "sv",
        "last_day": clock.today() + dt.timedelta(days=14),
        "function": paper.function,
        "host": paper.person,
    }
    return services.invite(Invitation(**given | fields), by=paper.editor)


def address_of(guest: GuestVoice) -> str:
    """The path of the guest's page."""
    return f"/gast/{tokens.make(letters.PURPOSE, guest.key)}"


def handed_in(paper: Paper, **fields: Any) -> GuestVoice:
    """A guest who wrote and handed in."""
    guest = invite(paper, **fields)
    services.write(guest, TEXT, seen=0)
    services.hand_in(guest)
    return GuestVoice.objects.get(pk=guest.pk)


def agreed(paper: Paper, **fields: Any) -> GuestVoice:
    """A guest who said yes to the wording."""
    guest = handed_in(paper, **fields)
    agreeing.say_yes(guest, wording_of(guest).digest)
    return GuestVoice.objects.get(pk=guest.pk)


def wording_of(guest: GuestVoice) -> agreeing.Wording:
    """What there is to say yes to."""
    found = agreeing.wording(guest)
    assert found is not None
    return found


def draft_of(guest: GuestVoice) -> Post:
    """The post as it was saved last."""
    return wording_of(guest).draft


def published(guest: GuestVoice, paper: Paper) -> Post:
    """The guest's post, published as it was saved last."""
    post = draft_of(guest)
    posts.publish(post, by=paper.editor)
    return post
