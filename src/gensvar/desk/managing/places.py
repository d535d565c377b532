"""Contact points: what is not well stands first; a form with the warnings that its place deserves."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.contactpoints import services
from gensvar.contactpoints.models import ContactPoint
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.managing.forms import ContactPointForm, put_errors
from gensvar.desk.rows import form_of
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink


@needs(May.MANAGE_PLACES)
def places(request: HttpRequest) -> HttpResponseBase:
    """Every place, those that lack something first; one query."""
    found = list(ContactPoint.objects.select_related("function", "owner", "deputy").order_by("name"))
    rows = [(point, form_of(point.channel), _lacks(point)) for point in found]
    order = {ContactPoint.State.LIVE: 0, ContactPoint.State.DRAFT: 1, ContactPoint.State.CLOSED: 2}
    rows.sort(key=lambda row: (order[ContactPoint.State(row[0].state)], not row[2]))
    return render(request, "desk/managing/places.html", {"rows": rows})


def _lacks(point: ContactPoint) -> str:
    if point.state != ContactPoint.State.LIVE:
        return ""
    if point.owner_id is None and point.deputy_id is None:
        return _("has neither owner nor deputy")
    if point.owner_id is None:
        return _("has no owner")
    if point.deputy_id is None:
        return _("has no deputy")
    return next(iter(services.lacking(point).values()), "")


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
    }
    if pk is not None and user_of(request).may(May.MANAGE_CHANNELS):
        context["settings_url"] = reverse("desk:contact_point_settings", args=[pk])
    return render(request, "desk/managing/place.html", context)
