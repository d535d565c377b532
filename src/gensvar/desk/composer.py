"""The field one writes in: answer, note or forward; what will happen stands under it in words, and the draft is saved as typed.

Neighbours: writing (what its buttons do), answers.drafts (where what is typed is kept).
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.answers import cosigning, drafts
from gensvar.answers import services as answers
from gensvar.answers.models import CoSigner, Draft
from gensvar.answers.ways import recipients
from gensvar.conversations.models import Conversation
from gensvar.conversations.notes import called_in_notes
from gensvar.conversations.states import State
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk import windows
from gensvar.desk.access import user_of
from gensvar.people.models import Function, Person
from gensvar.people.queries import on_duty_who_may

TABS: Final[dict[str, tuple[Promise, May, str]]] = {
    Draft.Kind.ANSWER: (_("Answer"), May.ANSWER, "mail"),
    Draft.Kind.NOTE: (_("Internal note"), May.NOTE, "comment"),
    Draft.Kind.FORWARD: (_("Forward"), May.FORWARD, "redirect"),
}
SEND_WORDS: Final[dict[str, Promise]] = {
    Draft.Kind.ANSWER: _("Send the answer"),
    Draft.Kind.NOTE: _("Save the note"),
    Draft.Kind.FORWARD: _("Forward it"),
}


def context(
    request: HttpRequest,
    conversation: Conversation,
    me: Person | None,
    *,
    kind: str = "",
    typed: dict[str, str] | None = None,
    problem: str = "",
    newer: bool = False,
) -> dict[str, Any]:
    """What the composer's template needs. `typed` stands in the field instead of the draft, `problem` above it."""
    user = user_of(request)
    kinds = kinds_for(user, conversation) if me is not None else []
    if me is None or not kinds:
        return {"kinds": [], "wordless": me is None}
    asked = kind or request.GET.get("write", "")
    kind = asked if asked in kinds else kinds[0]
    draft = drafts.draft_of(me, conversation, kind)
    speaking = speaking_for(me, conversation)
    function = _chosen(draft, speaking, conversation)
    return {
        "kinds": [(name, *TABS[name][::2]) for name in kinds],
        "kind": kind,
        "asked": bool(asked),
        "draft": draft,
        **windows.shown(request, draft),
        "typed": typed or _typed(draft) or _asking(request, kind),
        "speaking": speaking,
        "function": function,
        **_together(conversation, me, function, draft, kind, contacts=user.may(May.SEE_CONTACTS)),
        "send_word": SEND_WORDS[kind],
        "problem": problem,
        "newer_warning": newer,
        "files_allowed": kind != Draft.Kind.NOTE,
    }


def _together(
    conversation: Conversation,
    me: Person,
    function: Function | None,
    draft: Draft | None,
    kind: str,
    *,
    contacts: bool,
) -> dict[str, Any]:
    """Who is asked to sign the answer too and whether they have, what will happen when it is sent, and to whom it goes (ids)."""
    if kind == Draft.Kind.NOTE:
        return {}
    to = recipients(conversation)
    shown = "-".join(str(one.pk) for one in to)
    if kind != Draft.Kind.ANSWER:
        return {"to": shown}
    asked = CoSigner.objects.select_related("person", "draft").filter(draft=draft).first() if draft else None
    signed = asked is not None and cosigning.has_signed(asked)
    beside = asked.person if asked is not None and signed else None
    sentence = (
        answers.sending_sentence(conversation, me, function, to, co_signer=beside, contacts=contacts)
        if function
        else ""
    )
    return {"co_signer": asked, "co_signed": signed, "sentence": sentence, "to": shown}


def kinds_for(user: User, conversation: Conversation) -> list[str]:
    """Which tabs there are, by role and state; nothing goes out of spam."""
    found = [name for name, (_label, permission, _icon) in TABS.items() if user.may(permission)]
    if conversation.state == State.SPAM:
        return [name for name in found if name == Draft.Kind.NOTE]
    return found


def speaking_for(me: Person, conversation: Conversation) -> list[Function]:
    """The functions in whose name this person may answer; the conversation's own first."""
    found = answers.may_speak_for(me)
    return sorted(found, key=lambda function: function.pk != conversation.function_id)


def _chosen(draft: Draft | None, speaking: list[Function], conversation: Conversation) -> Function | None:
    if draft is not None and draft.function in speaking:
        return draft.function
    return speaking[0] if speaking else conversation.function


def _asking(request: HttpRequest, kind: str) -> dict[str, str]:
    """A note that begins with the name of the colleague whom the address asks."""
    if kind != Draft.Kind.NOTE or not (pk := row_id(request.GET.get("ask", ""))):
        return {}
    person = on_duty_who_may(May.NOTE).filter(pk=pk).first()
    return {"text": f"@{called_in_notes([person])[0]} "} if person is not None else {}


def _typed(draft: Draft | None) -> dict[str, str]:
    if draft is None or not (draft.text or draft.recipient or draft.subject):
        return {}
    return {"text": draft.text, "recipient": draft.recipient, "subject": draft.subject}
