"""What is mailed to the writer of a comment: to confirm the address, and what was decided. Nothing that a stranger wrote.

Neighbours: taking asks for the first, moderation for the second; answers.queueing puts both into the one outbox.
"""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import limits, queueing
from gensvar.answers.composing import signed
from gensvar.answers.links import private_link, square_language
from gensvar.answers.models import Delivery
from gensvar.answers.ways import Way, mail
from gensvar.contactpoints.queries import own_addresses, speaking
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.core import tokens
from gensvar.publishing.comments.models import Comment, CommentDecision

logger = logging.getLogger(__name__)

CONFIRM: Final = "comment-confirm"  # the purposes of the tokens; one opens nothing of the other
APPEAL: Final = "comment-appeal"
HOURLY: Final = 3  # mails that ask one address to confirm a comment
DAILY: Final = 10


def ask_to_confirm(comment: Comment) -> bool:
    """Put the mail that asks whether the comment is the address's own into the outbox; False where none may go."""
    message = comment.message
    participant = writer_of(message)
    way = _way(participant, message.conversation) if participant is not None else None
    if participant is None or way is None or not limits.allow(way, hourly=HOURLY, daily=DAILY):
        logger.warning("Comment %s is kept; no mail may be sent that asks to confirm it.", comment.pk)
        return False
    language = square_language(message.language)
    with override(language):
        link = settings.GENSVAR_URL + reverse(
            "square:confirm_comment", args=[tokens.make(CONFIRM, comment.key)]
        )
        subject = _("Confirm your comment (%(number)s)") % {"number": message.conversation.number}
        lines = [
            _(
                "Somebody wrote a comment on our pages and gave this address. We have kept it, and show it to nobody yet."
            ),
            _("Was it you? Open this link and confirm it:") + f"\n{link}",
            _("Once it is confirmed, our answers to it come to this address."),
            _("If it was not you, you need do nothing: the comment is not shown."),
            settings.GENSVAR_NAME,
        ]
    delivery = _delivery(Delivery.Kind.RECEIPT, way, message.conversation, subject, lines, language)
    delivery.cause = message
    queueing.put(delivery, token=participant.token)
    return True


def tell_decision(decision: CommentDecision) -> bool:
    """Put the notice of a decision into the outbox, signed by who decided; False where the writer has no address."""
    message = decision.comment.message
    conversation = message.conversation
    participant = writer_of(message)
    way = _way(participant, conversation) if participant is not None else None
    if participant is None or way is None:
        return False
    language = square_language(message.language)
    with override(language):
        subject = _("About your comment (%(number)s)") % {"number": conversation.number}
        text = signed(
            "\n\n".join(_said(decision, participant, language)), decision.person, conversation.function
        )
    delivery = _delivery(Delivery.Kind.DECISION, way, conversation, subject, [text], language)
    delivery.person, delivery.function = decision.person, conversation.function
    queueing.put(delivery, token=participant.token)
    return True


def _said(decision: CommentDecision, participant: Participant, language: str) -> list[str]:
    kind = CommentDecision.Kind
    lines = {
        kind.REMOVED: _("Your comment is not shown on our pages. It is kept in your conversation with us."),
        kind.UPHELD: _(
            "You asked us to look again at your comment. Another person has done so, and it is still not shown."
        ),
        kind.RESTORED: _(
            "You asked us to look again at your comment. Another person has done so, and it is shown again."
        ),
    }
    said = [lines[kind(decision.kind)]]
    if decision.ground is not None:
        rule = f" ({decision.ground.rule})" if decision.ground.rule else ""
        said.append(_("The reason: %(ground)s") % {"ground": f"{decision.ground}{rule}"})
    if decision.words:
        said.append(decision.words)
    if decision.kind == kind.REMOVED:
        appeal = reverse("square:appeal", args=[tokens.make(APPEAL, decision.key)])
        said.append(
            _("Do you think that this is wrong? Write to us here, and another person decides:")
            + f"\n{settings.GENSVAR_URL}{appeal}"
        )
    said.append(_("Your conversation with us, for you alone:") + f"\n{private_link(participant, language)}")
    return said


def writer_of(message: Message) -> Participant | None:
    """The participant that a comment's writer is."""
    return (
        Participant.objects.select_related("contact")
        .filter(conversation=message.conversation_id, contact=message.contact_id)
        .first()
    )


def _way(participant: Participant, conversation: Conversation) -> Way | None:
    address, channel = participant.address, mail()
    place = speaking(channel, conversation.function) if channel else None
    if "@" not in address or place is None or address in own_addresses(channel):
        return None
    return Way(participant, channel, address, place)


def _delivery(
    kind: Delivery.Kind, way: Way, conversation: Conversation, subject: str, lines: list[str], language: str
) -> Delivery:
    return Delivery(
        kind=kind,
        conversation=conversation,
        participant=way.participant,
        contact_point=way.contact_point,
        function=conversation.function,
        channel=way.channel,
        recipient=way.recipient,
        subject=subject,
        text="\n\n".join(lines),
        language=language,
    )
