"""Times in words and the small pieces that several templates of the desk share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from gensvar.answers.languages import language_of_part
from gensvar.core import clock, covering, times
from gensvar.desk.menu import ALARMS, Screen, screens_of, waiting
from gensvar.desk.numbers import together

register = template.Library()
register.simple_tag(language_of_part)
register.filter(together)


@register.filter
def said(at: dt.datetime | None) -> str:
    """A time in full: "i dag 14:02", "tis 24 nov. 14:02"."""
    return times.said(at)


register.filter(
    "covered", covering.cover
)  # what opens something, in words that came before they were covered


@register.filter
def of_key(known: Mapping[str, Any], key: str) -> Any:
    """What stands under that key; None where nothing does."""
    return known.get(key)


@register.filter
def brief(at: dt.datetime | None) -> str:
    """A time for a list: "14:02", "i går", "24 nov."."""
    return times.brief(at)


@register.filter
def day(at: dt.datetime | dt.date | None) -> str:
    """A day as the public reads it: "tisdag 1 december"."""
    return times.day(at)


@register.filter(expects_localtime=True)
def dated(at: dt.datetime | dt.date | None) -> str | SafeString:
    """A day in figures, "2026-12-01", that no line breaks at its hyphens (desk.css); for text, not for attributes."""
    return format_html('<time class="desk-date">{}</time>', f"{at:%Y-%m-%d}") if at else ""


@register.filter
def language_called(code: str) -> str:
    """A language by its name, "arabiska"; by its code where nobody has named it."""
    with suppress(KeyError):
        return str(get_language_info(code.lower())["name_translated"]).lower()
    return code


@register.simple_tag
def days(first: dt.date, last: dt.date) -> str:
    """Whole days: "28 nov.", "28 nov. – 3 dec."."""
    return times.days(first, last)


@register.simple_tag(takes_context=True)
def desk_menu(context: RequestContext) -> list[Screen]:
    """The menu's lines for whoever looks; used where there is no JavaScript to draw Wagtail's."""
    return screens_of(context["request"].user)


@register.simple_tag(takes_context=True)
def alarms(context: RequestContext) -> int:
    """How many alarms stand, for those who may see them; asked together with what the menu counts."""
    return waiting(context["request"]).get(ALARMS, 0)


@register.simple_tag(takes_context=True)
def own_last_day(context: RequestContext) -> dt.date | None:
    """The last day of the reader's own log-in, where a handover is due before it; None for all others."""
    ends: dt.date | None = context["request"].user.access_until
    if ends is None or ends > clock.today() + dt.timedelta(days=settings.GENSVAR_HANDOVER_DAYS):
        return None
    return ends


@register.inclusion_tag("desk/act.html", takes_context=True)
def act(
    context: RequestContext,
    name: str,
    number: str,
    query: str,
    label: str,
    icon: str = "",
    key: str = "",
    **sent: Any,
) -> dict[str, Any]:
    """A button that does one thing with a conversation; `sent` goes along as hidden fields."""
    url = reverse(f"desk:act_{name}", args=[number]) + query
    return {
        "url": url,
        "label": label,
        "icon": icon,
        "key": key,
        "sent": sent,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def municipality() -> str:
    """The municipality's name."""
    name: str = settings.GENSVAR_NAME
    return name
