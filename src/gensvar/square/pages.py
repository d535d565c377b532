"""The pages that are the same for everybody: the front page, what this is, and what machines ask for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override
from django.views.decorators.http import require_safe

from gensvar.contactpoints.municipality import queries
from gensvar.core import clock, languages
from gensvar.core.remembering import while_unchanged
from gensvar.learning import gate as outcomes
from gensvar.publishing import gate
from gensvar.publishing.accessibility import queries as statements
from gensvar.publishing.comments.models import ModerationGround
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.wordpress.addresses import NUMBERED
from gensvar.square import cards, old_addresses, slashes
from gensvar.square.headers import knows, public, secret

NEWEST = 6
OLD_NUMBERS = (*NUMBERED, "feed")  # WordPress's own addresses: nothing is shown at them


@dataclass(frozen=True, slots=True)
class Talk:
    """The cards of the newest of all kinds together, newest first, and which kinds there are pages of."""

    newest: tuple[SafeString, ...]
    asked: bool
    told: bool
    stood_for: bool
    done: bool


@require_safe
@public
@knows(*OLD_NUMBERS)
def home(request: HttpRequest) -> HttpResponse:
    """The invitation to write, what is being talked about (answers, posts, outcomes; newest first), the ways to reach us.

    `?p=12` was a post of an old blog.
    """
    if any(name in request.GET for name in OLD_NUMBERS):
        return old_addresses.moved(request) or redirect("square:home")
    return render(request, "square/home.html", {"talk": _talk()})


@while_unchanged
def _talk() -> Talk:
    """What is being talked about now, in the language of the reader where it stands in it."""
    asked = gate.published_page(size=NEWEST).exchanges
    told = posts.page(languages.here(), size=NEWEST).posts
    stood_for = positions.page(size=NEWEST).positions
    done = outcomes.page(size=NEWEST).outcomes
    mixed: list[tuple[dt.datetime, str, object]] = [
        *((one.published_at, "exchange", one) for one in asked),
        *((one.first_published_at, "post", one) for one in told),
        *((one.newest.holds_from, "position", one) for one in stood_for),
        *((one.newest.at, "outcome", one) for one in done),
    ]
    mixed.sort(key=lambda one: one[0], reverse=True)
    return Talk(
        tuple(cards.drawn(kind, one, "h3") for _at, kind, one in mixed[:NEWEST]),
        asked=bool(asked),
        told=bool(told),
        stood_for=bool(stood_for),
        done=bool(done),
    )


@require_safe
@public
def about(request: HttpRequest) -> HttpResponse:
    """What this is, who provides it and how a word travels through it; it stands without the database, lacking the rows."""
    try:
        context = {"provider": queries.provider(), "grounds": list(ModerationGround.on(clock.today()))}
    except DatabaseError:
        context = {}
        request.lacks_something = True  # type: ignore[attr-defined]  # headers: nobody keeps this page
    return render(request, "square/about.html", context)


@require_safe
@public
def accessibility(request: HttpRequest, number: str = "") -> HttpResponse:
    """The accessibility statement (DOS-lagen 2018:1937, 13 §; EN 301 549), the newest version or an earlier one."""
    found = statements.published(int(number) if number else None)
    if found is None:
        raise Http404
    history = statements.history()
    context = {
        "statement": found,
        "history": history,
        "earlier": found.number != history[0].number,
        "version": bool(number),
        "provider": queries.provider(),
    }
    return render(request, "square/accessibility.html", context)


@require_safe
@public
def personal_data(request: HttpRequest) -> HttpResponse:
    """The notice about personal data (GDPR, article 13)."""
    return render(request, "square/personal_data.html", {"provider": queries.provider()})


@require_safe
def without_slash(request: HttpRequest, name: str) -> HttpResponse:
    """An address that somebody wrote with a slash at its end leads to the page, with all that was asked of it."""
    return slashes.led_to(request.path.rstrip("/"), request)


@require_safe
@secret
def without_its_surroundings(request: HttpRequest, token: str, beside: str) -> HttpResponse:
    """A private link with the full stop, bracket or space that stood beside it in a letter leads to where it was meant to."""
    return redirect(request.path.removesuffix(beside))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone (RFC 9309). Secret addresses are not named: each says noindex itself."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /konto/",
        "Disallow: /samtal/",
        *(
            f"Disallow: /{code}/samtal/"
            for code in settings.GENSVAR_LANGUAGES
            if code != settings.LANGUAGE_CODE
        ),
        f"Sitemap: {settings.GENSVAR_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116)."""
    with override(settings.LANGUAGE_CODE):
        contact = settings.GENSVAR_URL + reverse("square:write")
    expires = (clock.now() + dt.timedelta(days=180)).replace(microsecond=0).astimezone(dt.UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.GENSVAR_STAFF_LANGUAGES)}",
        f"Canonical: {settings.GENSVAR_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
