"""Answers with two names: a colleague is asked, reads the very words, and says yes to them before they go out.

Nobody's name stands under words that they have not read: a letter changed afterwards needs a new yes. Neighbours: drafts
holds the words, services asks here before it sends, the desk shows both sides.
"""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.answers.checks import own_draft
from gensvar.answers.errors import ChangedElsewhere, NotSigned
from gensvar.answers.models import CoSigner, Draft
from gensvar.conversations import cleaning
from gensvar.conversations import services as conversations
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import in_service, on_duty_who_may, person_of


def words_of(draft: Draft) -> str:
    """The mark of what a draft says now, beside whom and for what (SHA-256, in hexadecimal): words, files, heading, function."""
    text = cleaning.text(draft.text.replace("\r\n", "\n")).strip()
    said = [
        text,
        draft.subject,
        draft.person_id,
        draft.function_id,
        *draft.files.order_by("pk").values_list("filename", "sha256"),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def ask(draft: Draft, person: Person, *, by: User) -> CoSigner:
    """Ask a colleague to stand behind a draft of an answer; a note in the conversation tells them, by mail too.

    Whoever was asked before is asked no longer. Raises NotAllowed, ValueError for somebody who cannot be asked.
    """
    require(by, May.ANSWER)
    if draft.person.user_id != by.pk or draft.kind != Draft.Kind.ANSWER or draft.conversation is None:
        raise NotAllowed("Only the writer of an answer asks somebody to sign it.")
    if person.pk == draft.person_id or not on_duty_who_may(May.NOTE).filter(pk=person.pk).exists():
        raise ValueError(_("Choose a colleague who is here today."))
    with transaction.atomic():
        take_turn()  # before the draft, as whoever sends it does
        own_draft(draft, by, May.ANSWER, may_be_empty=True)
        conversations.add_note(
            draft.conversation,
            _("Will you sign this answer with me? The draft stands under the conversation."),
            by=by,
            asks=[person],
        )
        asked, _made = CoSigner.objects.update_or_create(
            draft=draft,
            defaults={"person": person, "asked_at": clock.now(), "signed": "", "signed_at": None},
        )
    return asked


def asked_of(person: Person, conversation_id: int) -> list[CoSigner]:
    """The drafts in that conversation that this person is asked to stand behind."""
    found = CoSigner.objects.filter(person=person, draft__conversation=conversation_id)
    return list(found.select_related("draft__person", "draft__function").order_by("pk"))


@transaction.atomic
def sign(asked: CoSigner, words: str, *, by: User) -> None:
    """Stand behind the words that the screen showed (`words_of`). Raises NotAllowed, ChangedElsewhere for others."""
    require(by, May.NOTE)
    take_turn()  # before the draft, as whoever sends it does
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=asked.draft_id)
    found = CoSigner.objects.filter(pk=asked.pk, person=person_of(by)).first()
    if found is None:
        raise NotAllowed("An answer is signed by the person who was asked.")
    if words_of(draft) != words:
        raise ChangedElsewhere(draft)
    still = CoSigner.objects.filter(pk=found.pk, person=found.person_id)
    if not still.update(signed=words, signed_at=clock.now()):
        raise NotAllowed("An answer is signed by the person who was asked.")
    if draft.conversation is not None:
        conversations.see_to(draft.conversation, by=by, asked_by=draft.person)
    audit.note(by, "answers.co_sign", draft.conversation, person=found.person_id, words=words)


@transaction.atomic
def let_be(draft: Draft, *, by: User) -> bool:
    """The writer answers alone, or the asked would rather not. False where nobody is asked or it went out. Raises NotAllowed."""
    take_turn()  # before the draft, as whoever sends it does
    if not Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).exists():
        return False
    found = CoSigner.objects.select_related("person").filter(draft=draft).first()
    if found is None:
        return False
    if by.pk not in {draft.person.user_id, found.person.user_id}:
        raise NotAllowed("This is between the writer and the one who was asked.")
    found.delete()
    if draft.conversation is not None and by.pk == found.person.user_id:
        conversations.see_to(draft.conversation, by=by, asked_by=draft.person)
    audit.note(by, "answers.co_sign_not", draft.conversation, person=found.person_id)
    return True


def has_signed(asked: CoSigner) -> bool:
    """Whether the yes is to the draft as it is now."""
    return bool(asked.signed) and asked.signed == words_of(asked.draft)


def co_signer_of(draft: Draft) -> Person | None:
    """Who stands behind the draft beside its writer. Raises NotSigned where somebody is asked and has not said yes to it."""
    found = CoSigner.objects.select_related("person", "draft").filter(draft=draft).first()
    if found is None or found.person_id == draft.person_id:
        return None
    if not has_signed(found) or not in_service().filter(pk=found.person_id).exists():
        raise NotSigned(found.person.name)
    return found.person


def sign_again(draft: Draft, person: Person | None) -> None:
    """What was signed and is a draft again is signed still, as long as its words are the same."""
    if person is not None:
        now = clock.now()
        CoSigner.objects.update_or_create(
            draft=draft,
            defaults={"person": person, "asked_at": now, "signed": words_of(draft), "signed_at": now},
        )
