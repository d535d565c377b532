"""How the square says times, languages and spans; for its templates alone."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from gensvar.answers.languages import language_of_part
from gensvar.contactpoints.municipality.hours import Span
from gensvar.contactpoints.municipality.queries import Row
from gensvar.core import times
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing.accessibility.values import Words, words
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange
from gensvar.square import cards, face, sharing
from gensvar.square.posters import showing
from gensvar.square.posters.showing import Poster

register = template.Library()
register.simple_tag(face.sheet_address)
register.simple_tag(face.arms_address)
register.simple_tag(cards.card)
register.simple_tag(language_of_part)


@register.filter
def day(moment: dt.datetime | dt.date | None) -> str | SafeString:
    """A day in words: "tisdag 1 december", with its year where that is not this one, and always on paper, which is read later."""
    if moment is None:
        return ""
    said = times.day(moment)
    year = str((timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment).year)
    return said if year in said else format_html('{}<span data-on-paper=" {}"></span>', said, year)


@register.filter
def on_day(at: dt.datetime | None) -> str:
    """A day with its year always: "23 november 2026"."""
    return date_format(timezone.localtime(at), "j F Y") if at is not None else ""


@register.filter
def moment(at: dt.datetime | None) -> str:
    """A day and a time: "23 november 2026 kl. 16.02"."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "j F Y"),
        "time": date_format(local, _("H:i")),
    }


@register.filter
def iso(at: dt.datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""


@register.filter
def as_address(address: str) -> str | SafeString:
    """An address, which runs from left to right on every page. The style sheet lets it be broken where the line is too short:
    a <wbr> in it is read out as a gap."""
    return format_html('<bdi dir="ltr">{}</bdi>', address) if get_language_bidi() else str(address)


@register.filter
def called(name: object) -> str | SafeString:
    """A name of the municipality's (a function, a person, a place): where the page runs the other way, it keeps its own."""
    if not name or not get_language_bidi():
        return str(name or "")
    return format_html('<bdi lang="{}">{}</bdi>', settings.LANGUAGE_CODE, str(name))


@register.filter
def number(conversation: str) -> SafeString:
    """The number of a conversation, whole on one line.

    Between Arabic words its year would else change places with the rest (UAX #9, W4).
    """
    whole = (
        '<bdi class="number" dir="ltr">{}</bdi>' if get_language_bidi() else '<span class="number">{}</span>'
    )
    return format_html(whole, conversation)


@register.inclusion_tag("square/_share.html")
def share(
    entry: PublishedExchange | PublishedPost | PublishedPosition | PublishedOutcome,
) -> dict[str, sharing.Sharing]:
    """The ways to pass an exchange, a post, a position or an outcome on."""
    if isinstance(entry, PublishedPosition):
        return {"sharing": sharing.of_position(entry)}
    if isinstance(entry, PublishedOutcome):
        return {"sharing": sharing.of_outcome(entry)}
    if isinstance(entry, PublishedPost):
        return {"sharing": sharing.of_post(entry)}
    return {"sharing": sharing.of_exchange(entry)}


@register.inclusion_tag("square/_poster.html")
def poster(
    entry: PublishedExchange | PublishedPost | PublishedPosition | PublishedOutcome,
) -> dict[str, Poster | str]:
    """What is told about a page, and its picture, where it is passed on (Open Graph)."""
    return {"poster": showing.of(entry), "municipality": settings.GENSVAR_NAME}


@register.filter
def took(working_days: int | None) -> str:
    """How long an answer took."""
    if working_days is None:
        return ""
    if working_days <= 0:
        return _("answered the same day")
    return ngettext("answered in %(days)d working day", "answered in %(days)d working days", working_days) % {
        "days": working_days
    }


@register.filter
def within(working_days: int | None) -> str:
    """How soon an answer is promised."""
    if not working_days:
        return ""
    return ngettext(
        "answer within %(days)d working day", "answer within %(days)d working days", working_days
    ) % {"days": working_days}


@register.filter
def usually(working_days: int | None) -> str:
    """How long an answer usually took of late."""
    if working_days is None:
        return ""
    if working_days <= 0:
        return _("usually an answer the same day")
    return ngettext(
        "usually an answer within %(days)d working day",
        "usually an answer within %(days)d working days",
        working_days,
    ) % {"days": working_days}


@register.filter
def dialled(number: str) -> str:
    """A telephone number as a link dials it."""
    return "".join(sign for sign in number if sign in "+0123456789")


@register.filter
def in_page_language(row: object, name: str) -> Words:
    """A text of a row that may have an English one beside it."""
    return words({one: getattr(row, one) for one in (name, f"{name}_en")}, name)


@register.filter
def weekdays(row: Row) -> str:
    """ "Monday–Thursday"; the names as the language writes them."""
    first, last = str(WEEKDAYS[row.first]), str(WEEKDAYS[row.last])
    return (first if row.first == row.last else f"{first}–{last}").capitalize()


@register.filter
def spans_in_words(spans: Sequence[Span]) -> str:
    """ "08.00–12.00, 13.00–16.00", or that it is closed."""
    form = _("H:i")
    return ", ".join(f"{time_format(a, form)}–{time_format(b, form)}" for a, b in spans) or _("closed")


@register.filter
def schema_day(number: int) -> str:
    """A weekday (0 is Monday) as schema.org names it."""
    return f"https://schema.org/{calendar.day_name[number]}"


@register.simple_tag
def as_it_would_be(draft: Post) -> PublishedPost:
    """The draft that an editor looks at, as readers would see it; for the preview alone."""
    return posts.as_it_would_be(draft)
