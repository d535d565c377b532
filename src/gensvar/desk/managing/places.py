"""Contact points: what is unattended, unwatched, or without deputy or notice stands before anything else; and one's form."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gensvar.contactpoints import services, watching
from gensvar.contactpoints.models import ContactPoint, FormerAddress
from gensvar.core.roles import May
from gensvar.desk.access import READING, needs, user_of
from gensvar.desk.fields import put_errors
from gensvar.desk.managing import places_in_need
from gensvar.desk.managing.forms import ContactPointForm
from gensvar.publishing import short_links
from gensvar.publishing.links.queries import of_places, sentence
from gensvar.publishing.models import ShortLink

PAGE = 50
SHOWN_LOOKS = 20


@needs(May.MANAGE_PLACES)
def places(request: HttpRequest) -> HttpResponseBase:
    """Every place, what asks for somebody first; the same few queries however many there are."""
    found = places_in_need.all_places()
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("p")),
        "in_need": sum(bool(row.marks) for row in found),
        "open": sum(row.point.state == ContactPoint.State.LIVE for row in found),
    }
    return render(request, "desk/managing/places.html", context)


@needs(*READING, May.MANAGE_PLACES)
def watching_over(request: HttpRequest) -> HttpResponseBase:
    """The places that somebody must go to, to see what was written there: one's own, or all for who manages places."""
    points = watching.may_look(user_of(request)).select_related("function", "owner", "deputy")
    asked = [point for point in points.order_by("name") if watching.asks_for_looks(point)]
    rows = places_in_need.watched(asked)
    return render(
        request, "desk/managing/watching.html", {"rows": rows, "left": [r for r in rows if not r.seen]}
    )


@needs(*READING, May.MANAGE_PLACES)
def looked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write down that one has looked at a place today, and go back to where one came from."""
    back = request.POST.get("back", "")
    target = redirect(back if back in _ways_back(pk) else reverse("desk:watching"))
    if request.method == "POST":
        point = get_object_or_404(watching.may_look(user_of(request)), pk=pk)
        watching.look(point, request.POST.get("words", ""), by=user_of(request))
        messages.success(
            request, _("It is written down that you looked at %(place)s.") % {"place": point.name}
        )
    return target


def _ways_back(pk: int) -> set[str]:
    return {
        reverse("desk:contact_points"),
        reverse("desk:watching"),
        reverse("desk:contact_point", args=[pk]),
    }


@needs(May.MANAGE_PLACES)
@require_POST
def end_former_address(request: HttpRequest, place: int, pk: int) -> HttpResponseBase:
    """Take nothing more at an address that the place had before."""
    former = get_object_or_404(FormerAddress.objects.select_related("point"), pk=pk, point=place)
    services.end_former_address(former, by=user_of(request))
    messages.success(request, _("What is sent to %(address)s is refused from now on.") % {"address": former})
    return redirect("desk:contact_point", place)


@needs(May.MANAGE_PLACES)
def place(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One contact point: change it, or prepare a new one."""
    found = get_object_or_404(ContactPoint, pk=pk) if pk is not None else ContactPoint()
    warnings = (
        services.warnings_of(found) if pk is not None and found.state == ContactPoint.State.LIVE else []
    )
    title = str(found) if pk is not None else _("New place")
    form = ContactPointForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            warned = services.save_contact_point(form.instance, by=user_of(request))
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            if form.instance.state == ContactPoint.State.LIVE:
                short_links.make(ShortLink.Kind.PLACE, str(form.instance.pk), by=user_of(request))
            messages.success(request, _("%(place)s is saved.") % {"place": form.instance.name})
            for warning in warned:
                messages.warning(request, warning)
            return redirect("desk:contact_points")
    context = {
        "form": form,
        "title": title,
        "warnings": warnings,
        "back_url": reverse("desk:contact_points"),
        "back_label": _("Places"),
        **(_around(ContactPoint.objects.get(pk=pk)) if pk is not None else {}),
    }
    if pk is not None and user_of(request).may(May.MANAGE_CHANNELS):
        context["settings_url"] = reverse("desk:contact_point_settings", args=[pk])
    return render(request, "desk/managing/place.html", context)


def _around(point: ContactPoint) -> dict[str, object]:
    """What is known of a place beside its form: its page with somebody else, and who looked there."""
    link = of_places([point.pk]).get(point.pk)
    return {
        "place": point,
        "our_address": settings.GENSVAR_URL + reverse("square:places"),
        "link": link,
        "link_said": sentence(link.finding, link.details) if link is not None else "",
        "former_addresses": point.former_addresses.filter(ended_on=None),
        "is_open": point.state == ContactPoint.State.LIVE,
        "asks_for_looks": watching.asks_for_looks(point),
        "outside_logins": point.outside_logins.prefetch_related(
            "knowings__person", "knowings__told_by"
        ).select_related("witness"),
        "looks": point.looks.select_related("by").order_by("-at")[:SHOWN_LOOKS],
    }
