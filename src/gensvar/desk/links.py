"""Links that need somebody, what was found of each, and short links with how often they are followed. Works as plain forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import decided
from gensvar.learning.models import Outcome
from gensvar.learning.surveys.models import Survey
from gensvar.publishing import short_links
from gensvar.publishing.links import dead_ends, deciding, queries
from gensvar.publishing.links.models import DeadShortLink, LinkUse, OutsideLink
from gensvar.publishing.links.queries import Where
from gensvar.publishing.models import PublicExchange, ShortLink, ShortLinkDay
from gensvar.publishing.positions.models import Wording
from gensvar.publishing.posts.models import Post

PAGE: Final = 30
RECENT: Final = dt.timedelta(days=30)
SHOWN: Final = 30  # looks and decisions of one link
LISTS: Final = {
    "need": gettext_lazy("Need somebody"),
    "all": gettext_lazy("All"),
    "short": gettext_lazy("Short links that lead nowhere"),
}


@needs(May.MANAGE_PLACES)
def links(request: HttpRequest) -> HttpResponseBase:
    """What needs somebody, all links, or the short links that lead nowhere."""
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in LISTS else "need"
    context: dict[str, object] = {
        "chosen": chosen,
        "lists": LISTS.items(),
        "counts": {"need": queries.in_need().count(), "short": queries.dead_short_links().count()},
        "checks": settings.GENSVAR_LINK_CHECKS,
    }
    if chosen == "short":
        dead = Paginator(queries.dead_short_links(), PAGE).get_page(request.GET.get("p"))
        names = names_of([one.link for one in dead])
        context |= {"page": dead, "dead": [(one, names[one.link_id], one.followed) for one in dead]}
        return render(request, "desk/links.html", context)
    rows = queries.in_need() if chosen == "need" else OutsideLink.objects.order_by("state", "address")
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    return render(request, "desk/links.html", context | {"page": page, "rows": _rows(page)})


@needs(May.MANAGE_PLACES)
def link(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One link with every look at it; a post to it is one decision. What cannot be done says why and changes nothing."""
    found = get_object_or_404(OutsideLink, pk=pk)
    if request.method == "POST":
        decided(request, ACTS, found)
        return redirect("desk:link", pk=pk)
    looks = found.looks.order_by("-at", "-pk")[:SHOWN]
    context = {
        "link": found,
        "said": queries.sentence(found.finding, found.details),
        "in_need": found.state in queries.IN_NEED,
        "uses": [_mendable(one) for one in queries.where([found]).get(found.pk, [])],
        "looks": [(one, queries.sentence(one.finding, one.details)) for one in looks],
        "decisions": found.decisions.select_related("by").order_by("-at", "-pk")[:SHOWN],
        "place_kind": LinkUse.Kind.PLACE,
    }
    return render(request, "desk/link.html", context)


@needs(May.MANAGE_PLACES)
def dead_short_link(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let a short link rest that leads nowhere; its readers are told what happened."""
    if request.method == "POST":
        dead = get_object_or_404(DeadShortLink.objects.select_related("link"), pk=pk)
        dead_ends.let_rest(dead, by=user_of(request))
        messages.success(request, _("It rests. Whoever follows it reads what happened to the page."))
    return redirect(f"{reverse('desk:links')}?list=short")


@needs(May.PUBLISH, May.MANAGE_PLACES)
def short(request: HttpRequest) -> HttpResponseBase:
    """Every short link with how often it was followed, the most followed of the last thirty days first."""
    page = Paginator(_by_use(), PAGE).get_page(request.GET.get("p"))
    keys = [one.pk for one in page]
    names, all_, today = (
        names_of(page),
        short_links.counts_of(keys),
        short_links.counts_of(keys, clock.today()),
    )
    dead = dict(DeadShortLink.objects.filter(link__in=keys, ended_at__isnull=True).values_list("link", "why"))
    rows = [
        {
            "link": one,
            "name": names[one.pk],
            "recent": getattr(one, "recent", 0),
            "all": all_.get(one.pk, 0),
            "today": today.get(one.pk, 0),
            "dead": DeadShortLink.Why(dead[one.pk]).label if one.pk in dead else "",
            "address": settings.GENSVAR_URL + reverse("square:short", args=[one.code]),
        }
        for one in page
    ]
    return render(request, "desk/short_links.html", {"page": page, "rows": rows})


def names_of(links: Page[ShortLink] | list[ShortLink]) -> dict[int, str]:
    """What each short link was made for, by its id; one query for each kind."""
    keys: dict[str, list[str]] = {kind: [] for kind in ShortLink.Kind.values}
    for one in links:
        keys[one.kind].append(one.key)
    kinds = ShortLink.Kind
    held = Wording.objects.filter(holds_from__lte=clock.now(), ends=False).order_by("holds_from", "pk")
    named: dict[ShortLink.Kind, tuple[QuerySet[Any], str, str]] = {
        kinds.PAGE: (Post.objects.all(), "pk", "title"),
        kinds.PLACE: (ContactPoint.objects.all(), "pk", "name"),
        kinds.EXCHANGE: (PublicExchange.objects.all(), "number", "title"),
        kinds.POSITION: (held, "position", "title"),  # of its wordings the last one's
        kinds.OUTCOME: (Outcome.objects.all(), "pk", "title"),
        kinds.SURVEY: (Survey.objects.all(), "pk", "slug"),
    }
    names = {
        (kind.value, str(key)): name
        for kind, (rows, by, said) in named.items()
        for key, name in rows.filter(**{f"{by}__in": keys[kind]}).values_list(by, said)
    }
    return {one.pk: names.get((one.kind, one.key), f"{one.get_kind_display()} {one.key}") for one in links}


def _by_use() -> QuerySet[ShortLink]:
    days = ShortLinkDay.objects.filter(link=OuterRef("pk"), day__gt=clock.today() - RECENT).order_by()
    recent = Coalesce(Subquery(days.values("link").annotate(sum=Sum("count")).values("sum")), 0)
    return ShortLink.objects.annotate(recent=recent).order_by("-recent", "-made_at", "-pk")


def _rows(page: Page[OutsideLink]) -> list[tuple[OutsideLink, str, list[Where]]]:
    uses = queries.where(page)
    return [(one, queries.sentence(one.finding, one.details), uses.get(one.pk, [])) for one in page]


def _mendable(use: Where) -> tuple[Where, str]:
    """What links there, and where one changes it."""
    address = {
        LinkUse.Kind.PLACE: lambda: reverse("desk:contact_point", args=[use.key]),
        LinkUse.Kind.POST: lambda: reverse("wagtailadmin_pages:edit", args=[use.key]),
        LinkUse.Kind.SOURCE: lambda: reverse("wagtailsnippets_publishing_source:edit", args=[use.key]),
        LinkUse.Kind.APPEARANCE: lambda: reverse("desk:appearance", args=[use.key]),
        LinkUse.Kind.ANSWER: lambda: reverse("desk:publish", args=[use.key]),
    }[use.kind]()
    return use, address


def _ours(request: HttpRequest, found: OutsideLink) -> str:
    deciding.it_is_ours(found, request.POST.get("words", ""), by=user_of(request))
    return _("It is kept that you looked and that the link is right.")


def _again(request: HttpRequest, found: OutsideLink) -> str:
    deciding.look_again(found, by=user_of(request))
    return _("It is looked at again within some minutes.")


def _close(request: HttpRequest, found: OutsideLink) -> str:
    place = ContactPoint.objects.filter(pk=row_id(request.POST.get("place"))).first()
    if place is None:
        raise Http404
    deciding.close_place(found, place, request.POST.get("words", ""), by=user_of(request))
    return _("%(place)s is closed. It stays listed, with where its words are kept.") % {"place": place.name}


ACTS: Final[dict[str, Callable[[HttpRequest, OutsideLink], str]]] = {
    "ours": _ours,
    "again": _again,
    "close": _close,
}
