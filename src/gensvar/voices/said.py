"""What counts as said by us, and how: messages that left us, posts by those who signed them, and appearances elsewhere.

Not receipts, notes, what is passed on to others, and old words that were brought home. Neighbour: counting keeps the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from gensvar.answers.models import Delivery
from gensvar.answers.outbox import SAID
from gensvar.conversations.forwards import ours
from gensvar.conversations.models import Conversation, Message
from gensvar.publishing.appearances import gate as appearances_gate
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.comments.models import CommentAnswer
from gensvar.publishing.posts import words
from gensvar.publishing.posts.models import Byline, GuestByline, Post
from gensvar.publishing.wordpress.models import OldItem
from gensvar.voices.models import OUTSIDE, POST, SaidWord, key_of

Ids = Collection[int]  # a range stays one in the question to the database
Source = SaidWord.Source


def messages() -> QuerySet[Message]:
    """Answers and first words, by a person for a function, that have left us or stand in public under a comment."""
    left = Delivery.objects.filter(message=OuterRef("pk"), kind__in=SAID, sent_at__isnull=False)
    shown = CommentAnswer.objects.filter(message=OuterRef("pk"), shown=True)
    return Message.objects.filter(  # asked of each: as a list, all that ever left us would be read for one message
        Q(Exists(left)) | Q(Exists(shown)),
        ours(),
        person__isnull=False,
        function__isnull=False,
    )


def posts() -> QuerySet[Post]:
    """Every post that is live and that somebody of ours signed; of its translations the one that was first in public."""
    siblings = Post.objects.filter(translation_key=OuterRef("translation_key"), live=True)
    earlier = siblings.filter(
        Q(first_published_at__lt=OuterRef("first_published_at"))
        | Q(first_published_at=OuterRef("first_published_at"), pk__lt=OuterRef("pk"))
    )
    found: QuerySet[Post] = Post.objects.filter(
        ~Exists(earlier),
        ~Exists(OldItem.objects.filter(post=OuterRef("pk"))),
        Exists(Byline.objects.filter(post=OuterRef("pk"), person__isnull=False)),
        live=True,
        first_published_at__isnull=False,
    )
    return found


def among(ids: Ids, name: str = "pk") -> Q:
    """That this field is one of them."""
    if isinstance(ids, range):
        return Q(**{f"{name}__gte": ids.start, f"{name}__lt": ids.stop})
    return Q(**{f"{name}__in": list(ids)})


def rows_of_messages(ids: Ids) -> list[SaidWord]:
    """A message counts for whoever wrote it, where and about what its conversation is; without the words quoted in it.

    One that two answered together counts for both, and they share its words.
    """
    fields = ("pk", "at", "person_id", "co_signer_id", "function_id", "channel", "text", "conversation_id")
    found = list(messages().filter(among(ids)).values(*fields, point=F("conversation__contact_point_id")))
    about = _topics(Conversation.topics.through, "conversation_id", {one["conversation_id"] for one in found})
    rows = []
    for one in found:
        behind = [pk for pk in (one["person_id"], one["co_signer_id"]) if pk is not None]
        each, left = divmod(len(one["text"].split()), len(behind))
        rows += [
            SaidWord(
                source=Source.MESSAGE,
                source_id=one["pk"],
                conversation_id=one["conversation_id"],
                day=timezone.localdate(one["at"]),
                person_id=person,
                function_id=one["function_id"],
                contact_point_id=one["point"],
                channel=one["channel"],
                topics=key_of(about[one["conversation_id"]]),
                words=each + (place < left),
            )
            for place, person in enumerate(behind)
        ]
    return rows


def rows_of_posts(ids: Ids) -> list[SaidWord]:
    """A post counts on the day when it was first public, once for each who signed it; its words are shared equally.

    What a guest signed is shared with the guest, whose part counts for nobody.
    """
    found = list(posts().filter(among(ids)))
    about = _topics(Post.topics.through, "post_id", {post.pk for post in found})
    signed: defaultdict[int, dict[tuple[int | None, str, int], None]] = defaultdict(dict)
    bylines = Byline.objects.filter(post__in=found).order_by("post", "sort_order", "pk")
    for post, *who in bylines.values_list("post_id", "person_id", "guest", "function_id"):
        signed[post][tuple(who)] = None
    guests = GuestByline.objects.filter(post__in=found)
    for post, name, function in guests.values_list("post_id", "name", "function_id"):
        signed[post][None, name, function] = None
    rows = []
    for post in found:
        each, left = divmod(words.written(post), len(signed[post.pk]))
        for place, (person, _guest, function) in enumerate(signed[post.pk]):
            if person is not None:
                assert post.first_published_at is not None
                rows.append(
                    SaidWord(
                        source=Source.POST,
                        source_id=post.pk,
                        day=timezone.localdate(post.first_published_at),
                        person_id=person,
                        function_id=function,
                        channel=POST,
                        topics=key_of(about[post.pk]),
                        words=each + (place < left),
                    )
                )
    return rows


def rows_of_appearances(ids: Ids) -> list[SaidWord]:
    """An appearance counts once on its day; how many words were spoken nobody knows."""
    found = list(appearances_gate.public().filter(among(ids)))
    about = _topics(Appearance.topics.through, "appearance_id", {one.pk for one in found})
    return [
        SaidWord(
            source=Source.APPEARANCE,
            source_id=one.pk,
            day=one.day,
            person_id=one.person_id,
            function_id=one.function_id,
            channel=f"{OUTSIDE}{one.kind}",
            topics=key_of(about[one.pk]),
            words=0,
        )
        for one in found
    ]


def _topics(links: Any, field: str, ids: Ids) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for one, topic in links.objects.filter(**{f"{field}__in": ids}).values_list(field, "topic_id"):
        found[one].append(topic)
    return found


@dataclass(frozen=True, slots=True)
class Kind:
    """One source of what was said: its table, those rows of it that count, and how each of them does."""

    model: type[Model]
    said: Callable[[], QuerySet[Any]]
    rows: Callable[[Ids], list[SaidWord]]


KINDS: Final[Mapping[SaidWord.Source, Kind]] = {
    Source.MESSAGE: Kind(Message, messages, rows_of_messages),
    Source.POST: Kind(Post, posts, rows_of_posts),
    Source.APPEARANCE: Kind(Appearance, appearances_gate.public, rows_of_appearances),
}
