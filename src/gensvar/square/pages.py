"""The pages that are the same for everybody: the front page, what this is, and what machines ask for."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from gensvar.core import clock
from gensvar.publishing import gate
from gensvar.publishing.posts import gate as posts
from gensvar.square import accessible, old_addresses
from gensvar.square.headers import knows, public

NEWEST = 6
OLD_NUMBERS = ("p", "page_id", "feed")  # WordPress's own addresses: nothing is shown at them


@require_safe
@public
@knows(*OLD_NUMBERS)
def home(request: HttpRequest) -> HttpResponse:
    """The invitation to write, what is being talked about (answers and posts mixed, newest first), the ways to reach us.

    `?p=12` was a post of an old blog.
    """
    if any(name in request.GET for name in OLD_NUMBERS):
        return old_addresses.moved(request) or redirect("square:home")
    exchanges = gate.published_page(size=NEWEST).exchanges
    told = posts.page((get_language() or "sv").partition("-")[0], size=NEWEST).posts
    mixed: list[tuple[dt.datetime, dict[str, object]]] = [
        (one.published_at, {"exchange": one}) for one in exchanges
    ]
    mixed += [(one.first_published_at, {"post": one}) for one in told]
    mixed.sort(key=lambda one: one[0], reverse=True)
    context = {"newest": [card for _at, card in mixed[:NEWEST]], "asked": exchanges, "told": told}
    return render(request, "square/home.html", context)


@require_safe
@public
def about(request: HttpRequest) -> HttpResponse:
    """What this is and how a word travels through it."""
    return render(request, "square/about.html")


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (DOS-lagen 2018:1937, 13 §; EN 301 549)."""
    return render(request, "square/accessibility.html", {"statement": accessible.statement()})


@require_safe
@public
def personal_data(request: HttpRequest) -> HttpResponse:
    """The notice about personal data (GDPR, article 13)."""
    return render(request, "square/personal_data.html")


@require_safe
def without_slash(request: HttpRequest, name: str) -> HttpResponse:
    """An address that somebody wrote with a slash at its end leads to the page."""
    return redirect(request.path.rstrip("/"), permanent=True)


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
