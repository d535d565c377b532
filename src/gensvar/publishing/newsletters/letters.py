"""The words of the letters: one that asks to confirm and quotes nothing, and one that tells what is new, as text and HTML.

Neighbours: services and due ask for them; answers.queueing puts them into the one outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi, ngettext, override
from django.utils.translation import gettext as _

from gensvar.answers import queueing
from gensvar.answers.languages import spoken
from gensvar.answers.models import Delivery
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core import clock, tokens
from gensvar.publishing.entries import Entry
from gensvar.publishing.newsletters.models import Letter, Subscriber, ToldEntry
from gensvar.publishing.values import Part, joined

OWN = "newsletter"  # the purposes of the tokens; one opens nothing of the other
CONFIRM = "newsletter-confirm"
LEAD = 400  # characters of an entry
IN_FULL = 50  # entries of one letter; of what is older the headline and the address


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in the words of a letter."""

    title: tuple[Part, ...]
    words: tuple[Part, ...]
    by: Part
    address: str


def ask_to_confirm(subscriber: Subscriber) -> None:
    """Queue the mail with the link that confirms; nothing that anybody typed stands in it."""
    with override(subscriber.language):
        link = settings.GENSVAR_URL + reverse(
            "square:confirm_letters", args=[tokens.make(CONFIRM, subscriber.key)]
        )
        subject = _("Confirm that you want letters from %(municipality)s") % {
            "municipality": settings.GENSVAR_NAME
        }
        text = "\n\n".join(
            [
                _("Somebody asked us to send what is new on our pages to this address."),
                _("Was it you? Open this link and confirm it:") + f"\n{link}",
                _(
                    "If it was not you, you need do nothing. No letters come, and we forget the address in a week."
                ),
                settings.GENSVAR_NAME,
            ]
        )
    _put(subscriber, subject, text, asks=True)


def tell(subscriber: Subscriber, found: Sequence[Entry]) -> Letter | None:
    """Queue one letter of these entries, oldest first, and note that they are told.

    None where no place of ours speaks by mail.
    """
    with override(subscriber.language):
        told = [_told(one) for one in found]
        own = settings.GENSVAR_URL + own_page(subscriber)
        unsubscribe = settings.GENSVAR_URL + ending(subscriber)
        subject = joined(told[0].title)
        if len(told) > 1:
            subject = ngettext("%(count)s new entry", "%(count)s new entries", len(told)) % {
                "count": len(told)
            }
            subject += f" · {settings.GENSVAR_NAME}"
        context = {
            "told": told[-IN_FULL:],
            "more": told[:-IN_FULL],
            "own": own,
            "unsubscribe": unsubscribe,
            "municipality": settings.GENSVAR_NAME,
        }
        context["language"] = subscriber.language
        letter = _put(
            subscriber,
            subject,
            render_to_string("publishing/letter.txt", context),
            html=render_to_string("publishing/letter.html", context),
            unsubscribe=unsubscribe,
        )
    if letter is not None:
        ToldEntry.objects.bulk_create(
            ToldEntry(letter=letter, subscriber=subscriber, kind=one.kind, place=one.place) for one in found
        )
    return letter


def own_page(subscriber: Subscriber) -> str:
    """The path of the page where the subscriber changes or ends it."""
    return reverse("square:own_letters", args=[tokens.make(OWN, subscriber.key)])


def ending(subscriber: Subscriber) -> str:
    """The path that ends it by one click (RFC 8058)."""
    return reverse("square:end_letters", args=[tokens.make(OWN, subscriber.key)])


def _put(
    subscriber: Subscriber,
    subject: str,
    text: str,
    *,
    html: str = "",
    unsubscribe: str = "",
    asks: bool = False,
) -> Letter | None:
    place = speaking(mail(), None)
    if place is None:
        return None
    delivery = queueing.put(
        Delivery(
            kind=Delivery.Kind.NEWS,
            contact_point=place,
            function=place.function,
            channel=mail(),
            recipient=subscriber.address,
            subject=" ".join(subject.split()),
            text=text,
            html=html,
            unsubscribe=unsubscribe,
            language=subscriber.language,
        ),
        later=not asks,
    )
    return Letter.objects.create(subscriber=subscriber, delivery=delivery, asks=asks, at=clock.now())


def _told(one: Entry) -> Told:
    if one.exchange is not None:
        found, answer = one.exchange, one.exchange.answer
        claimed = answer.language or found.language
        return Told(
            title=(Part(found.title, found.title_language),),
            words=(Part(Truncator(answer.text).chars(LEAD), spoken(answer.text, claimed)),),
            by=_names(", ".join(part for part in (answer.name, found.function) if part)),
            address=settings.GENSVAR_URL + reverse("square:exchange", args=[found.number, found.slug]),
        )
    if one.position is not None:
        wording = one.position.newest
        said = wording.here
        title, words = Part(said.title, said.language), said if said.text else wording.why
        return Told(
            title=_withdrawn(title) if wording.ends else (title,),
            words=(Part(Truncator(words.text).chars(LEAD), words.language),),
            by=_names(", ".join(part for part in (wording.name, wording.function) if part)),
            address=settings.GENSVAR_URL + reverse("square:position", args=[one.position.slug]),
        )
    if one.further is not None:
        more = one.further
        return Told(more.title_parts, more.lead_parts, _names(more.signed), settings.GENSVAR_URL + more.path)
    assert one.post is not None
    return Told(
        title=(Part(one.post.title, one.post.language),),
        words=(Part(one.post.lead, one.post.language),),
        by=_names(
            " · ".join(
                _("%(name)s (guest)") % {"name": by.name}
                if by.guest
                else ", ".join(part for part in (by.name, by.function) if part)
                for by in one.post.bylines
            )
        ),
        address=settings.GENSVAR_URL + reverse("square:post", args=[one.post.year, one.post.slug]),
    )


def _names(by: str) -> Part:
    """Who stands behind it: where the letter runs the other way, names keep their own language, as on a page."""
    return Part(by, "" if get_language_bidi() else None)


def _withdrawn(title: Part) -> tuple[Part, ...]:
    """The headline within the sentence that says it."""
    before, after = (_("Withdrawn: %(title)s") % {"title": "\0"}).split("\0")
    return Part(before), title, Part(after)
