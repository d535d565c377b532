"""The mails of a survey: whom we ask, with a link of their own; and once more those who have not answered.

Neighbours: services decides when, answers has the one outbox, answering opens the links.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import queueing
from gensvar.answers.links import square_language
from gensvar.answers.models import Delivery
from gensvar.answers.notices import mailbox_of
from gensvar.answers.ways import mail
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import speaking
from gensvar.core import clock, tokens
from gensvar.learning.surveys.models import Invitation, Survey
from gensvar.people.models import Person
from gensvar.people.queries import coordinating_function

PURPOSE: Final = "survey"  # of the tokens


def place() -> ContactPoint | None:
    """The address that we ask from; None where none of ours speaks by mail."""
    return speaking(mail(), None) if mail() else None


def language_of(person: Person) -> str:
    """In which we write to that colleague."""
    return person.user.language if person.user is not None else settings.LANGUAGE_CODE


def link(invitation: Invitation, language: str) -> str:
    """The address at which that person answers; whoever holds it may answer once."""
    with override(square_language(language)):
        path = reverse("square:lead", args=[tokens.make(PURPOSE, invitation.key)])
    return f"{settings.GENSVAR_URL}{path}"


def put(invitation: Invitation, survey: Survey, *, again: bool = False) -> Delivery:
    """Queue the mail that asks, or asks again, in the caller's transaction. The person must have a mailbox."""
    person, speaks_from = invitation.person, place()
    assert speaks_from is not None, "services asks before"
    with override(language_of(person)):
        subject, text = _words(invitation, survey, again)
    return queueing.put(
        Delivery(
            kind=Delivery.Kind.SURVEY,
            contact_point=speaks_from,
            channel=speaks_from.channel,
            person=survey.run_by,
            function=coordinating_function(),
            recipient=mailbox_of(person),
            recipient_name=person.name,
            subject=subject,
            text=text,
            language=language_of(person),
        )
    )


def instead_of_sending(delivery: Delivery) -> Callable[[], None] | None:
    """Nobody is asked who has answered, when it is over, or by a mail that no invitation knows any more.

    None where the mail may go (answers.instead). A mail and the invitation that it belongs to are written in one transaction, so
    one without an invitation is older than its round is now: a reminder from before more time was given.
    """
    found = Invitation.objects.select_related("survey").filter(Q(delivery=delivery) | Q(reminder=delivery))
    invitation = found.first()
    if invitation is not None and not invitation.answered and is_open(invitation.survey):
        return None
    return _nothing


def is_open(survey: Survey) -> bool:
    """Whether it can be answered now; its last day ends at midnight in the municipality, whatever the clockwork does."""
    return survey.state == Survey.State.OPEN and clock.today() <= survey.last_day


def _words(invitation: Invitation, survey: Survey, again: bool) -> tuple[str, str]:
    values = {
        "leader": survey.leader,
        "function": survey.function,
        "day": date_format(survey.last_day, "j F Y"),
        "link": link(invitation, language_of(invitation.person)),
        "runs": survey.run_by,
    }
    if again:
        subject = _("There is still time: how does %(leader)s lead?")
        begin = _("You have not answered yet. If you wish to, there is time until %(day)s.")
    else:
        subject = _("How does %(leader)s lead? Answer without your name")
        begin = _(
            "You are led by %(leader)s (%(function)s), so we ask you how it is. There is time until %(day)s."
        )
    parts = [
        begin,
        _("The link is yours alone, and can be answered once:\n%(link)s"),
        _(
            "Your name is not kept with your answer. All answers are opened together when it is over, and only if five or"
            " more have answered; then everybody can read the result. That you have answered can be seen, what you"
            " answered cannot."
        ),
        _("Do not answer by replying to this mail: a mail says who you are."),
        _("%(runs)s holds this survey together."),
    ]
    return subject % values, "\n\n".join(part % values for part in parts)


def _nothing() -> None:
    """The row is taken back; nothing follows."""
