"""A contact point's settings of its channel: one page for all channels, and a button that asks whether they work."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from gensvar.contactpoints import own_settings
from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import channel
from gensvar.contract.values import Problem
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import put_errors
from gensvar.desk.managing.settings_form import SettingsForm


@needs(May.MANAGE_CHANNELS)
@sensitive_post_parameters()
def place_settings(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change the settings, or have what is stored checked; the form that was sent says which in `act`."""
    point = get_object_or_404(ContactPoint, pk=pk)
    try:
        form_of_words = channel(point.channel)
    except LookupError as error:
        raise Http404(str(error)) from error
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = SettingsForm(form_of_words.Settings, point.settings, request.POST if act == "save" else None)
    if act == "save" and _saved(request, point, form):
        return redirect("desk:contact_point_settings", pk)
    problems: list[Problem] | None = own_settings.check_channel(point) if act == "check" else None
    context = {
        "form": form,
        "point": point,
        "channel": form_of_words,
        "checked": problems is not None,
        "problems": problems,
        "back_url": reverse("desk:contact_point", args=[pk]),
    }
    return render(request, "desk/managing/settings.html", context)


def _saved(request: HttpRequest, point: ContactPoint, form: SettingsForm) -> bool:
    if not form.is_valid():
        return False
    try:
        own_settings.save_channel_settings(point, form.values(), by=user_of(request))
    except ValidationError as refusal:
        put_errors(form, refusal)
        return False
    messages.success(request, _("Saved. It holds from the next word that goes out."))
    return True
