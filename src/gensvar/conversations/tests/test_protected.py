"""Whoever knows or guesses the address of somebody with a protected identity learns nothing by trying it in the desk."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps

from gensvar.contract.addresses import join_plus
from gensvar.conversations import protecting, queries, reindexing, services
from gensvar.conversations.models import (
    Attachment,
    Contact,
    Conversation,
    Message,
    OtherAddress,
    Participant,
)
from gensvar.conversations.old_words import OldSaying, bring_home
from gensvar.conversations.other_addresses import others_of, said_of
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock, freshness
from gensvar.core.models import User

pytestmark = pytest.mark.django_db
HIDDEN, STRANGER = "hidden@example.se", "stranger@example.se"
WHY = "Jag prövar."


@pytest.fixture
def hidden(scene: Scene) -> Conversation:
    """Written by somebody with a protected identity, and answered."""
    found = scene.mail("Min cykel är borta.", sender=f"Moa Dold <{HIDDEN}>", subject="Cykeln").conversation
    Contact.objects.filter(addresses__address=HIDDEN).update(protected=True)
    Conversation.objects.filter(pk=found.pk).update(contact_name="")
    scene.answer(found, "Vi söker cykeln.")
    return found


def test_search_finds_their_words_and_neither_name_nor_address(
    scene: Scene, hidden: Conversation, kim: User, boss: User
) -> None:
    bounce = scene.mail(
        f"Kunde inte levereras till {HIDDEN}.",
        sender="MAILER-DAEMON@example.se",
        to=scene.reply_address(hidden.participants.get()),
        headers=("Auto-Submitted: auto-replied",),
    )
    assert bounce.conversation == hidden
    bounce.kind = "bounce"
    bounce.save()
    open_one = scene.mail("Om Moa Dold.", sender="bo@example.se").conversation
    for by in (kim, boss):
        for asked in (HIDDEN, "Moa Dold cykel", "dold hidden"):
            assert queries.search_messages(by, asked).rows == []
        assert queries.search_messages(by, "cykel borta").rows == [hidden]
        assert queries.search_messages(by, "Moa Dold").rows == [open_one]  # who says it is found by it
    assert queries.similar_answers(scene.mail("Hej", subject="Moa cykeln").conversation) == []


def test_search_finds_no_report_by_the_mail_that_it_brought_back(scene: Scene, boss: User) -> None:
    report = scene.mail("Okänd mottagare.\n\n> Hemligstämpel", subject="Returmeddelande")
    Attachment.objects.create(
        message=report, filename="Lönesamtal.eml", content_type="message/rfc822", size=1, sha256="0" * 64
    )
    Message.objects.filter(pk=report.pk).update(
        kind="bounce", quoted="> Hemligstämpel", text="Okänd mottagare.\n\nReceived: by x\n\nBarnomsorg"
    )
    reindexing.rebuild()
    assert queries.search_messages(boss, "okänd returmeddelande").rows == [report.conversation]
    for asked in ("hemligstämpel", "lönesamtal", "barnomsorg"):
        assert queries.search_messages(boss, asked).rows == []


def test_to_say_that_a_stranger_or_a_hidden_person_is_the_same_looks_alike(
    scene: Scene, conversation: Conversation, hidden: Conversation, kim: User
) -> None:
    looks = []
    for address in (STRANGER, HIDDEN):
        said = services.also_writes_from(conversation, address, WHY, by=kim)
        conversation.contact.refresh_from_db()  # type: ignore[union-attr]
        (other,) = others_of(conversation.contact, said_of(conversation.contact))  # type: ignore[arg-type]
        asked = queries.visible_to(kim).filter(contact=other.contact).count()
        with pytest.raises(Exception, match="hör redan till") as again:
            services.also_writes_from(conversation, address, WHY, by=kim)
        looks.append((str(other.address) == address, asked, str(again.value), str(other.contact)))
        services.not_also_writes_from(conversation, said.pk, by=kim)
    assert looks[0] == looks[1]
    services.also_writes_from(conversation, HIDDEN, WHY, by=kim)
    assert Contact.objects.get(protected=True).same_person is None
    assert not OtherAddress.objects.filter(contact__protected=True).exists()
    reply = scene.mail("Jag?", sender=HIDDEN, headers=("In-Reply-To: <first@example.se>",))
    assert reply.conversation != conversation


def test_a_word_of_theirs_in_a_public_conversation_takes_it_from_the_public_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = scene.mail("När?", headers=(f"Cc: {HIDDEN}",), message_id="first@example.se").conversation
    Contact.objects.filter(addresses__address=HIDDEN).update(protected=True)
    changes: list[bool] = []
    monkeypatch.setattr(freshness, "changed", lambda *, takes_away=True: changes.append(takes_away))
    for visibility, answered, told in (
        ("private", False, []),
        ("public", False, [True]),
        ("private", True, [True]),  # the answer may stand under a comment
    ):
        Conversation.objects.filter(pk=asked.pk).update(visibility=visibility)
        if answered:
            scene.answer(asked, "Vid tre.")
        changes.clear()
        word = scene.mail("Och jag?", sender=HIDDEN, headers=("In-Reply-To: <first@example.se>",))
        assert word.conversation == asked
        assert changes == told
    assert Conversation.objects.filter(protecting.protected_writer("pk"), pk=asked.pk).exists()


def test_what_we_write_first_looks_as_to_a_stranger_until_they_write_themselves(
    scene: Scene, hidden: Conversation, kim: User
) -> None:
    first = {
        address: services.begin(
            scene.place, address=address, subject="Hej", function=scene.function, person=scene.kim, by=kim
        )
        for address in (STRANGER, HIDDEN)
    }
    for address, part in first.items():
        assert (part.address, part.conversation.contact_name, str(part.contact)) == (address, address, "")
    part = first[HIDDEN]
    scene.answer(part.conversation, "Hej!", kind="first")
    to = join_plus(scene.place.address, part.token)
    away = scene.mail("Borta.", sender=HIDDEN, to=to, headers=("Auto-Submitted: auto-replied",))
    assert away.contact is not None
    assert not away.contact.protected
    reply = scene.mail("Här är jag.", sender=HIDDEN, to=to)
    begun = Conversation.objects.get(pk=part.conversation_id)
    assert reply.conversation == begun
    (now,) = Participant.objects.filter(conversation=begun)
    assert (now.pk, now.contact.protected, begun.contact, begun.contact_name) == (
        part.pk,
        True,
        now.contact,
        "",
    )
    assert [one.text for one in queries.resident_thread(now)] == ["Hej!", "Här är jag."]


def test_they_take_their_place_too_when_they_are_protected_no_more_before_they_write(
    scene: Scene, hidden: Conversation, kim: User, boss: User
) -> None:
    def begin() -> Participant:
        return services.begin(
            scene.place, address=HIDDEN, subject="Hej", function=scene.function, person=scene.kim, by=kim
        )

    asked_to_hide = begin()
    services.protect(asked_to_hide.conversation, by=kim)
    later = begin()
    services.protect_no_more(hidden, by=boss)
    words = {
        part: scene.mail("Jag.", sender=HIDDEN, to=join_plus(scene.place.address, part.token))
        for part in (asked_to_hide, later)
    }
    for part, contact in ((asked_to_hide, asked_to_hide.contact), (later, hidden.contact)):
        begun = Conversation.objects.get(pk=part.conversation_id)
        (now,) = begun.participants.all()
        assert (now.pk, now.contact, begun.contact, words[part].contact) == (
            part.pk,
            contact,
            contact,
            contact,
        )
        assert begun.contact_name == ("" if part is asked_to_hide else "Moa Dold")


def wrote_long_ago(scene: Scene, address: str) -> Contact:
    """Whoever left a comment on an older website."""
    said = OldSaying("Snön", "Moa Dold", address, "Plogar ni?", clock.now())
    contact = bring_home(said, scene.place, scene.function).contact
    assert contact is not None
    return contact


def test_what_they_wrote_long_ago_is_theirs_also_where_they_were_protected_before_the_upgrade(
    scene: Scene, hidden: Conversation
) -> None:
    theirs, anothers = wrote_long_ago(scene, "Hidden@example.se"), wrote_long_ago(scene, STRANGER)
    importlib.import_module("gensvar.conversations.migrations.0012_protected_long_ago").protect(apps, None)
    names = Conversation.objects.values_list("contact__protected", "contact_name")
    assert names.get(contact=theirs) == (True, "")
    assert names.get(contact=anothers) == (False, "Moa Dold")


def test_what_they_wrote_long_ago_stays_theirs_where_only_a_stand_in_is_protected_no_more(
    scene: Scene, hidden: Conversation, kim: User, boss: User
) -> None:
    writer = wrote_long_ago(scene, HIDDEN)
    Contact.objects.filter(pk=writer.pk).update(protected=True)
    begun = services.begin(
        scene.place, address=HIDDEN, subject="Hej", function=scene.function, person=scene.kim, by=kim
    ).conversation
    services.protect(begun, by=kim)
    for ended, stays in ((begun, True), (hidden, False)):
        services.protect_no_more(ended, by=boss)
        assert Contact.objects.get(pk=writer.pk).protected is stays
