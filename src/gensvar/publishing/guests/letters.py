"""What a guest is told by mail, signed by who looks after them, and the notices to that colleague, which quote nothing.

Neighbours: services asks for them; answers.queueing puts them into the one outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from gensvar.answers import notices, queueing
from gensvar.answers.composing import signed
from gensvar.answers.links import square_language
from gensvar.answers.models import Delivery
from gensvar.answers.ways import mail
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import speaking
from gensvar.core import tokens
from gensvar.publishing.guests.models import GuestVoice

PURPOSE: Final = "guest-voice"  # of the token; it opens nothing else
HANDED_IN: Final = gettext_lazy("%(guest)s has handed in what they wrote")
SAID_YES: Final = gettext_lazy("%(guest)s has said yes to the wording")
WISHES: Final = gettext_lazy("%(guest)s has written something to you about the text")
LEAVES: Final = gettext_lazy("%(guest)s asks that the text be withdrawn")


def place_of(guest: GuestVoice) -> ContactPoint | None:
    """Where mails to that guest come from, or None where no place of ours speaks by mail."""
    return speaking(mail(), guest.function) if mail() else None


def link(guest: GuestVoice) -> str:
    """The whole address of the guest's own page."""
    with override(square_language(guest.language)):
        return settings.GENSVAR_URL + reverse("square:guest", args=[tokens.make(PURPOSE, guest.key)])


def invite(guest: GuestVoice) -> None:
    """The invitation with the link."""
    with override(square_language(guest.language)):
        day = date_format(guest.last_day, "j F Y")
        _put(
            guest,
            _("Will you write for %(municipality)s?") % {"municipality": settings.GENSVAR_NAME},
            [
                _("Hello %(name)s,") % {"name": guest.name},
                _("We would like you to write for our pages, under your own name. It is about this:"),
                guest.about,
                _("Write here, for as long as you like, until %(day)s. You need no account:") % {"day": day}
                + f"\n{link(guest)}",
                _(
                    "The link is yours alone. Nothing is shown to others before you have said yes to every word."
                ),
            ],
        )


def tell_remark(guest: GuestVoice) -> None:
    """There is something new from us on the page."""
    with override(square_language(guest.language)):
        _put(
            guest,
            _("We have read what you wrote"),
            [
                _("We have changed something in your text, or have a question about it. Read it here:")
                + f"\n{link(guest)}"
            ],
        )


def ask_for_yes(guest: GuestVoice) -> None:
    """The wording is ready for the guest's yes."""
    with override(square_language(guest.language)):
        _put(
            guest,
            _("May we publish your text?"),
            [
                _(
                    "Your text is ready. Read it once more as it would be shown, and say yes, or say what to change:"
                )
                + f"\n{link(guest)}",
                _("It is not shown to anybody without your yes."),
            ],
        )


def tell_published(guest: GuestVoice, address: str) -> None:
    """It is public, at that whole address."""
    with override(square_language(guest.language)):
        _put(
            guest,
            _("Your text is published"),
            [
                _("Everybody can read it now:") + f"\n{address}",
                _("If you want it withdrawn one day, say so here:") + f"\n{link(guest)}",
            ],
        )


def tell_taken_back(guest: GuestVoice) -> None:
    """The invitation holds no longer."""
    with override(square_language(guest.language)):
        _put(
            guest,
            _("Our invitation to write is taken back"),
            [
                _("You need not write for us after all, and the link is closed."),
                _("What you wrote is not shown to anybody."),
            ],
        )


def tell_decision(guest: GuestVoice, words: str, *, withdrawn: bool) -> None:
    """What became of the wish that the text be withdrawn."""
    with override(square_language(guest.language)):
        said = (
            _("You asked us to withdraw your text. It is not shown any more.")
            if withdrawn
            else _("You asked us to withdraw your text. We have thought about it, and it stays as it is.")
        )
        _put(guest, _("About your text"), [said, words])


def tell_host(guest: GuestVoice, what: Promise) -> None:
    """Tell the colleague who looks after the guest, if they can be reached; nothing of what the guest wrote is in it."""
    place = place_of(guest)
    if place is None or guest.host.user is None or not notices.address_of(guest.host):
        return
    with override(guest.host.user.language):
        subject = str(what) % {"guest": guest.name}
        where = settings.GENSVAR_URL + reverse("desk:guest", args=[guest.pk])
        text = f"{subject}.\n\n" + _("Read it in the desk:") + f"\n{where}"
    notices.put(guest.host, place, subject, text)


def _put(guest: GuestVoice, subject: str, lines: Sequence[str]) -> None:
    place = place_of(guest)
    if place is None:
        return
    queueing.put(
        Delivery(
            kind=Delivery.Kind.GUEST,
            contact_point=place,
            person=guest.host,
            function=guest.function,
            channel=place.channel,
            recipient=guest.email,
            recipient_name=guest.name,
            subject=subject,
            text=signed("\n\n".join(line for line in lines if line), guest.host, guest.function),
            language=guest.language,
        )
    )
