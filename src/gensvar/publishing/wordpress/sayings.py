"""Brings the comments under an old post home: what was shown there is shown here, the rest is kept and not shown.

Nobody is written to: their conversations are closed and hold no address to send to. Neighbour: conversations.old_words.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import carrying
from gensvar.contract.values import Address
from gensvar.conversations.old_words import OldSaying, bring_home
from gensvar.conversations.turns import take_turn
from gensvar.conversations.writers import who
from gensvar.core import freshness
from gensvar.people.models import Function
from gensvar.publishing.comments import keeping, rules
from gensvar.publishing.comments.models import Comment, CommentsClosed, On
from gensvar.publishing.posts.values import Place
from gensvar.publishing.wordpress import items
from gensvar.publishing.wordpress.markup import plain
from gensvar.publishing.wordpress.models import OldComment, OldItem
from gensvar.publishing.wordpress.values import Item, Note, Notes, OldWord

BATCH: Final = 20  # comments in one transaction: others write too
TAKEN: Final = frozenset({"comment", ""})
KEPT_AS: Final = {"1": Comment.State.SHOWN, "0": Comment.State.WAITING}


def bring_all(row: OldItem, item: Item, place: ContactPoint | None, function: Function) -> None:
    """Every comment that is not here already, oldest first; those of a post that is not public wait with it, and are noted."""
    post, notes = row.post, [one for one in row.notes if one[0] not in {Note.PING, Note.COMMENTS_WAIT}]
    words = [one for one in item.comments if one.kind in TAKEN and one.number]
    notes += [[Note.PING, one.kind] for one in item.comments if one.kind not in TAKEN]
    if words and (post is None or not row.shown or post.first_published_at is None or place is None):
        notes.append([Note.COMMENTS_WAIT, str(len(words))])
    elif post is not None and post.first_published_at is not None and place is not None:
        year = timezone.localtime(post.first_published_at).year
        key = str(Place(year, post.slug, post.locale.language_code))
        words.sort(key=lambda one: (one.at, one.number))
        for start in range(0, len(words), BATCH):
            _bring(words[start : start + BATCH], _Under(row, key, place, function, notes))
        if not item.open:
            CommentsClosed.objects.get_or_create(
                on_kind=On.POST,
                on_key=key,
                defaults={"at": row.taken_at or post.first_published_at, "by": None},
            )
    if notes != row.notes:
        row.notes = notes
        row.save(update_fields=["notes"])


@dataclass(frozen=True, slots=True)
class _Under:
    """What comments stand under."""

    row: OldItem
    key: str
    place: ContactPoint
    function: Function
    notes: Notes


@transaction.atomic
@freshness.adding()
def _bring(words: list[OldWord], under: _Under) -> None:
    take_turn()
    numbers = [one.number for one in words]
    here = set(under.row.site.comments.filter(number__in=numbers).values_list("number", flat=True))
    if len(here) < len(numbers):
        freshness.changed(
            takes_away=False
        )  # a new comment is no change elsewhere: it waits to be let through
    for one in words:
        if one.number not in here:
            _one(one, under)


def _one(word: OldWord, under: _Under) -> None:
    text, at = plain(word.text), items.utc(word.at)
    if not text or at is None:
        under.notes.append([Note.COMMENT_EMPTY, str(word.number)])
        return
    protected = _is_protected(word.email)
    writer, known = _writer(word, under, protected)
    state = Comment.State.REMOVED if protected else KEPT_AS.get(word.approved, Comment.State.REMOVED)
    shown = state == Comment.State.SHOWN
    said = OldSaying(
        subject=under.row.title,
        name=word.name,
        address=word.email,
        text=text,
        at=at,
        language=under.row.site.language,
        spam=word.approved == "spam",
        protected=protected,
    )
    message = bring_home(said, under.place, under.function, contact_id=known)
    comment = Comment.objects.create(
        on_kind=On.POST,
        on_key=under.key,
        parent=_parent(word, under) if shown else None,
        message=message,
        shown_name=message.sender_name,
        state=state,
        found=rules.findings(text, word.name) if state == Comment.State.WAITING else [],
        came_at=at,
        confirmed_at=at if word.approved in KEPT_AS else None,
        shown_at=at if shown else None,
    )
    if shown:
        keeping.refresh(comment.pk)
    OldComment.objects.create(site=under.row.site, number=word.number, writer=writer, comment=comment)


def _writer(word: OldWord, under: _Under, protected: bool) -> tuple[str, int | None]:
    """A digest by which words of the same address are one contact's, and that contact, if known from this blog; another once the
    address is a protected identity's, and once it is so no more.
    """
    if "@" not in word.email:
        return "", None
    digest = hashlib.sha256(f"{under.row.site_id} {word.email.lower()} {word.name}".encode()).hexdigest()
    earlier = OldComment.objects.filter(
        writer=digest, comment__message__contact__protected=protected
    ).order_by("pk")
    return digest, earlier.values_list("comment__message__contact", flat=True).first()


def _is_protected(email: str) -> bool:
    """Whether somebody with a protected identity has that address: whoever it was, nothing of theirs is shown."""
    known = who(carrying(Address.MAILBOX), [email.lower()]).contacts.values() if "@" in email else ()
    return any(one.protected for one in known)


def _parent(word: OldWord, under: _Under) -> Comment | None:
    """The comment that it replies to, two levels deep; none where that is not shown, so that the reply is not lost."""
    found = OldComment.objects.filter(site=under.row.site, number=word.parent).select_related(
        "comment__parent"
    )
    above = found.first() if word.parent else None
    if above is None or above.comment.state != Comment.State.SHOWN:
        return None
    return above.comment.parent or above.comment
