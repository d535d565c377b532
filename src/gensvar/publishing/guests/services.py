"""What is done with a guest: invited, written together, handed in, agreed to word by word, and let go again.

Nothing that anybody wrote is lost: what cannot be the newest version is kept aside. Nothing is public by any of this:
the post goes its ordinary way. Neighbours: letters tells by mail, publishing.posts refuses what has no yes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.rich_text import RichText

from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import own_addresses
from gensvar.contract.channel import channel
from gensvar.core import audit, clock, tokens
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by
from gensvar.publishing.guests import letters, pictures
from gensvar.publishing.guests.models import GuestRemark, GuestVersion, GuestVoice
from gensvar.publishing.guests.writing import Written, rich
from gensvar.publishing.guests.yeses import void_what_is_not_public, void_yes
from gensvar.publishing.posts import holds
from gensvar.publishing.posts.models import GuestByline, Post, PostsHome
from gensvar.publishing.services import NotPublishable

State = GuestVoice.State
A_MOMENT: Final = dt.timedelta(minutes=1)  # in which the same words are one remark
A_WHILE: Final = dt.timedelta(minutes=10)  # in which the same invitation is one: a second click, or "back"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is asked to write what, until when, and who of us looks after it."""

    name: str
    email: str
    kind: str
    about: str
    language: str
    last_day: dt.date
    function: Function
    host: Person
    association: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: its version, and the newer one of somebody else that made it be kept aside, if any."""

    version: GuestVersion
    newer: GuestVersion | None = None


def find(token: str) -> GuestVoice | None:
    """The guest of a genuine link, or None; a link that was replaced opens nothing."""
    key = tokens.read(letters.PURPOSE, token)
    rows = GuestVoice.objects.select_related("function", "host__user", "post")
    return rows.filter(key=key).first() if key is not None else None


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> GuestVoice:
    """Keep the invitation and mail its link; one that was sent just now stays the only one.

    Raises NotPublishable, with sentences for the editor.
    """
    require(by, May.PUBLISH)
    try:
        address = channel(mail()).normalise(invitation.email) if mail() else ""
    except ValueError:
        address = ""
    fields = {name: getattr(invitation, name) for name in Invitation.__slots__} | {"email": address}
    guest = GuestVoice(**fields, invited_at=clock.now(), invited_by=by)
    reasons = []
    if invitation.last_day < clock.today():
        reasons.append(_("The last day has passed already."))
    if not address or address in own_addresses(mail()):
        reasons.append(_("Write the guest's own e-mail address."))
    if letters.place_of(guest) is None:
        reasons.append(_("No place of ours speaks by mail, so the guest cannot be reached."))
    if not held_by(invitation.host).filter(pk=invitation.function.pk).exists():
        reasons.append(_("%(person)s does not hold that function today.") % {"person": invitation.host})
    if reasons:
        raise NotPublishable(reasons)
    Person.objects.select_for_update(no_key=True).get(pk=invitation.host.pk)  # the other click waits here
    just_invited = GuestVoice.objects.exclude(state=State.TAKEN_BACK).filter(
        **fields, invited_at__gt=clock.now() - A_WHILE
    )
    if (same := just_invited.first()) is not None:
        return same
    guest.save()
    letters.invite(guest)
    audit.note(by, "guests.invited", guest)
    return guest


@transaction.atomic
def send_new_link(guest: GuestVoice, *, by: User) -> None:
    """Mail the invitation with another link; the one before it opens nothing from now on."""
    require(by, May.PUBLISH)
    guest = locked(guest)
    if guest.state == State.TAKEN_BACK:
        raise NotPublishable([_("This invitation is taken back. Invite the guest anew.")])
    guest.key = tokens.new_key()
    guest.save(update_fields=["key"])
    letters.invite(guest)
    audit.note(by, "guests.linked_anew", guest)


@transaction.atomic
def move_last_day(guest: GuestVoice, day: dt.date, *, by: User, seen: dt.date | None = None) -> None:
    """Give the guest another last day (the municipality's); `seen` is the one that was shown, where that must still hold.

    Raises NotPublishable for a day that has passed, and where somebody moved it meanwhile.
    """
    require(by, May.PUBLISH)
    guest = locked(guest)
    if seen is not None and guest.last_day != seen:
        raise NotPublishable(
            [_("Somebody else moved it meanwhile. Nothing was changed; look where it stands now.")]
        )
    if guest.state != State.WRITING:
        raise NotPublishable([_("The guest has handed in: there is no last day any more.")])
    if day < clock.today():
        raise NotPublishable([_("The last day has passed already.")])
    guest.last_day = day
    guest.save(update_fields=["last_day"])
    audit.note(by, "guests.last_day_moved", guest, day=str(day))


@transaction.atomic
def take_back(guest: GuestVoice, *, by: User) -> None:
    """Close the invitation, with all that was written kept. Raises NotPublishable for what is public: that is withdrawn."""
    require(by, May.PUBLISH)
    guest = locked(guest)
    if guest.post is not None and guest.post.live:
        raise NotPublishable([_("The text is published. Withdraw the post instead.")])
    if guest.state == State.TAKEN_BACK:
        return
    close(guest)
    letters.tell_taken_back(guest)
    audit.note(by, "guests.taken_back", guest)


@transaction.atomic
def write(
    guest: GuestVoice,
    written: Written,
    *,
    seen: int,
    person: Person | None = None,
    by: User | None = None,
    picture: pictures.Given | None = None,
    gone: Collection[str] = (),
) -> Saved:
    """Save a version: the guest's own, or that of `person` of ours. `seen` is the number of the one it was made from.

    With it a picture may come, and others go. Where somebody saved meanwhile, the text is kept aside and both are given
    back. Raises NotPublishable when writing is over, and for a picture too many.
    """
    if person is not None:
        assert by is not None
        require(by, May.PUBLISH)
    guest = locked(guest)
    if guest.state != State.WRITING or (person is None and not guest.may_write):
        raise NotPublishable([_("This text is not written here any more. Nothing was changed.")])
    pictures.change(guest, picture, gone)
    last = newest(guest)
    if last is not None and Written.of(last) == written:
        return Saved(last)
    number = guest.versions.aggregate(last=Max("number"))["last"] or 0
    late = last is not None and last.number != seen
    version = GuestVersion.objects.create(
        guest=guest,
        number=number + 1,
        title=written.title,
        lead=written.lead,
        text=written.text,
        person=person,
        at=clock.now(),
        aside=late,
    )
    audit.note(by, "guests.written", guest, version=version.number)
    if late:
        return Saved(version, last)
    if person is not None:
        letters.tell_remark(guest)
    return Saved(version)


@transaction.atomic
def remark(guest: GuestVoice, words: str, *, person: Person | None = None, by: User | None = None) -> None:
    """Say something about the text, to the guest or (without `person`) to us. Raises NotPublishable without words.

    A guest who was asked, or had said yes, and wants a change has no yes any more to what is not public.
    """
    if person is not None:
        assert by is not None
        require(by, May.PUBLISH)
    guest = locked(guest)
    if guest.state == State.TAKEN_BACK:
        raise NotPublishable([_("This invitation is taken back. Nothing was sent.")])
    if not words.strip():
        raise NotPublishable([_("Write what you want to say.")])
    if _just_said(guest, words.strip(), person):
        return
    GuestRemark.objects.create(guest=guest, person=person, words=words.strip(), at=clock.now())
    audit.note(by, "guests.remarked", guest)
    if person is not None:
        letters.tell_remark(guest)
        return
    if guest.state in {State.ASKED, State.AGREED}:  # something is to be changed: it is our turn
        void_what_is_not_public(guest)  # else what is scheduled would go out over the guest's objection
        guest.state = State.HANDED_IN
        guest.save(update_fields=["state"])
    letters.tell_host(guest, letters.WISHES)


def _just_said(guest: GuestVoice, words: str, person: Person | None) -> bool:
    """Whether these are the last words, said a moment ago by the same: a second click on the button."""
    last = guest.remarks.order_by("-pk").first()
    return (
        last is not None
        and (last.words, last.person_id) == (words, person.pk if person is not None else None)
        and last.at > clock.now() - A_MOMENT
    )


@transaction.atomic
def hand_in(guest: GuestVoice) -> Post:
    """Make the draft of a post of the newest version; it stands under the guest's name. Raises NotPublishable."""
    guest = locked(guest)
    last = newest(guest)
    if not guest.may_write:
        raise NotPublishable([_("This text is not written here any more. Nothing was changed.")])
    if last is None or not (last.title and last.lead and last.text):
        raise NotPublishable(
            [
                _(
                    "Before you hand in: write a headline, two or three sentences on what it is about, and the text."
                )
            ]
        )
    home = PostsHome.objects.get(locale__language_code=guest.language)
    post = Post(
        title=last.title,
        slug=_address(last.title, home),
        lead=last.lead,
        body=[("text", RichText(rich(last.text))), *pictures.into_library(guest)],
        live=False,
        owner=guest.host.user,
    )
    home.add_child(instance=post)
    GuestByline.objects.create(
        post=post, name=guest.name, association=guest.association, kind=guest.kind, function=guest.function
    )
    post.save_revision()
    guest.post, guest.state = post, State.HANDED_IN
    guest.save(update_fields=["post", "state"])
    audit.note(None, "guests.handed_in", guest, post=post.pk)
    letters.tell_host(guest, letters.HANDED_IN)
    return post


def newest(guest: GuestVoice) -> GuestVersion | None:
    """The version that counts now."""
    return guest.versions.filter(aside=False).select_related("person").order_by("-number").first()


def locked(guest: GuestVoice) -> GuestVoice:
    """The row, which nobody else writes beside until this is committed."""
    rows = GuestVoice.objects.select_for_update(of=("self",))
    return rows.select_related("function", "host__user", "post").get(pk=guest.pk)


def close(guest: GuestVoice) -> None:
    """Let nothing more be written or agreed to, in the caller's transaction; a yes to what is not public is void.

    No time of its post's comes any more: at that time it would only be held, and nobody could end that.
    """
    void_yes(guest)
    if guest.post is not None:
        guest.post.revisions.update(approved_go_live_at=None)
        holds.end(guest.post.pk)
    guest.state, guest.leaves_at = State.TAKEN_BACK, None
    guest.save(update_fields=["state", "leaves_at"])


def _address(title: str, home: PostsHome) -> str:
    """A short name that no other post of that language has."""
    plain = slugify(title)[:80].strip("-") or "gast"
    if plain.isdigit():
        plain = f"gast-{plain}"
    taken = set(Post.objects.child_of(home).filter(slug__startswith=plain).values_list("slug", flat=True))
    number = 1
    while (slug := plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    return slug
