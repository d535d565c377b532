"""Who is told of a step, and by which form each: for the handler that tells, and for the editor who looks beforehand.

Those who wrote are told, never machines, nor those who were only copied in. To somebody with a protected identity nothing
is sent that they did not ask for: it stands at their private link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gensvar.answers.first_words import NEVER
from gensvar.answers.models import Delivery
from gensvar.answers.ways import BY_HAND, LETTER, LINK, Way, way_to
from gensvar.contactpoints.queries import own_addresses
from gensvar.contract.channel import channel, names_of
from gensvar.conversations.changing import living
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.learning.models import ConversationTie, Outcome, Step
from gensvar.people.models import Function

MACHINES: Final = NEVER | {"own"}


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people will be told, and how: by the name of each channel, "link" for the private link alone."""

    people: int
    by: dict[str, int]

    @property
    def sentences(self) -> list[str]:
        """“14 get it by e-mail”, “2 see it at their private link”, in words."""
        return [
            _sentence(name, many) for name, many in sorted(self.by.items(), key=lambda one: (-one[1], one[0]))
        ]


def ways_in(conversation: Conversation, step: Step) -> list[Way]:
    """One way for each who wrote in that conversation. Whoever was told of the step elsewhere sees it at the link only."""
    told = Delivery.objects.filter(kind=Delivery.Kind.OUTCOME, message__told_step__step=step)
    known = set(told.exclude(recipient="").values_list("channel", "recipient"))
    return _ways(conversation, listeners([conversation])[conversation.pk], step.function, known, {})


def reach_of(outcome: Outcome, function: Function) -> Reach:
    """Who would be told of the next step."""
    ties = ConversationTie.objects.filter(outcome=outcome, ended_at=None).order_by("pk")
    tied = (living(tie.conversation) for tie in ties.select_related("conversation__contact_point__function"))
    conversations = {one.pk: one for one in tied if one.state != State.SPAM}
    heard = listeners(list(conversations.values()))
    known: set[tuple[str, str]] = set()
    own: dict[str, frozenset[str]] = {}
    found: list[Way] = []
    for pk, conversation in conversations.items():
        ways = _ways(conversation, heard[pk], function, known, own)
        known |= {(way.channel, way.recipient) for way in ways if way.recipient}
        found += ways
    # One who wrote in several conversations is one person: the way that reaches them counts, not the link beside it.
    best: dict[int, str] = {}
    for way in found:
        contact = way.participant.contact_id
        if best.get(contact, LINK) == LINK:
            best[contact] = way.channel
    return Reach(len(best), dict(Counter(best.values())))


def listeners(conversations: Sequence[Conversation]) -> dict[int, list[Participant]]:
    """For each conversation those who wrote in it with words of their own, also before a merge; no machines. Two queries."""
    here = Q(conversation__in=conversations) | Q(conversation__merged_into__in=conversations)
    home = Coalesce("conversation__merged_into", "conversation")  # where the words stand now
    words = Message.objects.filter(
        here, direction=Message.Direction.IN, author=Message.Author.RESIDENT, kind="message"
    ).annotate(home=home)
    wrote = {
        (place, contact)
        for place, contact, marks in words.values_list("home", "contact_id", "marks")
        if MACHINES.isdisjoint(marks)
    }
    rows = Participant.objects.filter(here, author=True).select_related("contact").annotate(home=home)
    found: dict[int, dict[int, Participant]] = {one.pk: {} for one in conversations}
    for one in rows.order_by("pk"):
        place: int = one.home
        if place in found and (place, one.contact_id) in wrote:
            found[place].setdefault(one.contact_id, one)
    return {place: list(people.values()) for place, people in found.items()}


def _ways(
    conversation: Conversation,
    participants: Sequence[Participant],
    function: Function,
    known: Iterable[tuple[str, str]],
    own: dict[str, frozenset[str]],
) -> list[Way]:
    """`own` remembers the addresses of ours, by channel."""
    found: list[Way] = []
    taken = set(known)
    for participant in participants:
        at_link = Way(participant, LINK, "", conversation.contact_point)
        way = at_link if participant.contact.protected else way_to(participant, conversation, function)
        if way.recipient and way.channel not in BY_HAND:
            if way.channel not in own:
                own[way.channel] = frozenset(own_addresses(way.channel))
            if way.recipient in own[way.channel]:
                continue
        if way.recipient and (way.channel, way.recipient) in taken:
            way = at_link
        taken.add((way.channel, way.recipient))
        found.append(way)
    return found


def _sentence(name: str, many: int) -> str:
    if name == LINK:
        words = ngettext(
            "%(many)d sees it at the private link", "%(many)d see it at their private link", many
        )
        return words % {"many": many}
    if name in BY_HAND and name == LETTER:
        return ngettext(
            "%(many)d is to get a letter from you", "%(many)d are to get a letter from you", many
        ) % {"many": many}
    if name in BY_HAND:
        return ngettext("%(many)d is to be phoned by you", "%(many)d are to be phoned by you", many) % {
            "many": many
        }
    form = names_of(name).sent_as or channel(name).label()
    return _("%(many)d get it as %(form)s") % {"many": many, "form": form}
