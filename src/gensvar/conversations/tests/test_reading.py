"""From envelope to conversation: what stands in it, what happens to what cannot be read, and that twice is once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.contactpoints.models import FormerAddress
from gensvar.conversations import counts
from gensvar.conversations.cleaning import REUSED_ID
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Message, Participant
from gensvar.conversations.reading import read_envelope
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock, files
from gensvar.core.covering import COVERED
from gensvar.core.models import Event
from gensvar.core.roles import Role
from gensvar.intake import services as intake
from gensvar.intake.events import EnvelopeReceived
from gensvar.intake.models import Envelope
from gensvar.intake.tests.mails import make_mail
from gensvar.people.tests.factories import make_user

pytestmark = pytest.mark.django_db

WITH_FILE = (
    b"From: Anna <anna@example.se>\r\nTo: gata@norrvik.example\r\nSubject: Bild\r\nMessage-ID: <bild@x>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSe bilden\r\n"
    b'--b\r\nContent-Type: image/png; name="../../etc/grop.png"\r\n'
    b'Content-Disposition: attachment; filename="../../etc/grop.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    b"iVBORw0KGgo=\r\n--b--\r\n"
)


def test_a_mail_becomes_a_conversation_with_a_number_and_a_person(scene: Scene) -> None:
    message = scene.mail("Hej, när plogas vår gata?\nAnna", subject="Snöröjning på Storgatan")
    conversation = message.conversation
    assert conversation.number == f"{clock.today().year}-000001"
    assert conversation.subject == "Snöröjning på Storgatan"
    assert (conversation.state, conversation.unread, conversation.function) == ("open", True, scene.function)
    assert (conversation.contact_name, conversation.message_count) == ("Anna Lind", 1)
    assert conversation.preview.startswith("Hej, när plogas vår gata?")
    part = conversation.participants.get()
    assert (part.address, part.author, part.contact.name) == ("anna@example.se", True, "Anna Lind")
    assert Envelope.objects.get().state == Envelope.State.READ
    assert message.at == Envelope.objects.get().received_at
    assert message.sent_at == dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    assert counts.differences() == {}


def test_what_stood_above_an_answer_is_told_from_its_signature_where_a_key_in_it_is_covered(
    scene: Scene,
) -> None:
    key = scene.mail().conversation.participants.get().token
    quotation = (
        f"On 20 Nov 2026 at 08:00, Kim Ek <kim@norrvik.example> wrote:\n> https://x.example/samtal/{key}"
    )
    word = scene.mail(f"{quotation}\n\nTack!\n\n-- \nAnna")
    assert word.quoted[: word.quoted_above] == quotation.replace(key, COVERED)
    assert word.quoted[word.quoted_above :] == "\n\n-- \nAnna"


def test_a_mail_under_the_message_id_of_another_says_so(scene: Scene) -> None:
    marks = [scene.mail(text, message_id="samma@example.se").marks for text in ("Ett.", "Två.")]
    assert [REUSED_ID in one for one in marks] == [False, True]


def test_numbers_follow_each_other(scene: Scene) -> None:
    numbers = [scene.mail(f"ord {n}").conversation.number[5:] for n in range(3)]
    assert numbers == ["000001", "000002", "000003"]


def test_a_mail_without_subject_is_called_by_its_first_words(scene: Scene) -> None:
    assert scene.mail("Vår gata är " + "mycket " * 30 + "hal", subject="").conversation.subject.startswith(
        "Vår gata är"
    )
    assert scene.mail("", subject="").conversation.subject == ""


def test_one_contact_however_the_address_is_written(scene: Scene) -> None:
    scene.mail("ett", sender="Anna <Anna@Example.SE>")
    scene.mail("två", sender="anna@example.se")
    assert Contact.objects.count() == ContactAddress.objects.count() == 1
    assert Conversation.objects.count() == 2


def test_files_lie_outside_under_their_digest_with_a_bare_name(scene: Scene) -> None:
    scene.keep(WITH_FILE)
    scene.read()
    attachment = Message.objects.get().attachments.get()
    assert attachment.filename == "grop.png"
    assert files.read(attachment.sha256) == b"\x89PNG\r\n\x1a\n"
    assert Conversation.objects.get().has_files


def test_what_cannot_be_read_is_a_visible_failure_and_can_be_tried_again(scene: Scene) -> None:
    Envelope.objects.filter(pk=scene.keep(make_mail()).pk).update(channel="fax")
    scene.read()
    envelope = Envelope.objects.get()
    assert envelope.state == Envelope.State.FAILED
    assert "fax" in envelope.error
    assert not Conversation.objects.exists()
    Envelope.objects.update(channel="email")
    intake.retry(envelope, by=make_user(Role.REGISTRAR))
    scene.read()
    envelope.refresh_from_db()
    assert (envelope.state, envelope.error, Message.objects.count()) == ("read", "", 1)


def test_one_bad_mail_does_not_stop_the_others(scene: Scene) -> None:
    scene.keep(make_mail("ett"))
    Envelope.objects.filter(pk=scene.keep(make_mail("två")).pk).update(channel="fax")
    scene.keep(make_mail("tre"))
    scene.read()
    assert sorted(Envelope.objects.values_list("state", flat=True)) == ["failed", "read", "read"]


def test_what_the_runner_gives_up_is_a_visible_failure(scene: Scene) -> None:
    envelope = scene.keep(make_mail())
    gave_up = read_envelope.manner.gave_up  # type: ignore[attr-defined]
    gave_up(EnvelopeReceived(envelope.pk), "The process ended\0 3 times while this was being done.")
    envelope.refresh_from_db()
    assert envelope.state == Envelope.State.FAILED
    assert envelope.error.startswith("The process ended")


def test_read_twice_is_read_once(scene: Scene) -> None:
    envelope = scene.keep(make_mail())
    fact = EnvelopeReceived(envelope.pk)
    first, second = read_envelope(fact), read_envelope(fact)
    first()
    second()
    assert read_envelope(fact) is None
    assert Message.objects.count() == 1
    Envelope.objects.update(state=Envelope.State.RECEIVED)
    assert Event.objects.filter(fact="message_received").count() == 1


def test_text_that_no_database_takes_is_taken(scene: Scene) -> None:
    raw = (
        b"From: =?utf-8?q?An=00na?= <anna@example.se>\r\nTo: gata@norrvik.example\r\nSubject: a=?utf-8?q?=00b?=\r\n"
        b"Content-Type: text/plain; charset=utf-16-le\r\n\r\n\x00\xd8h\x00e\x00j\x00\x00\x00\r\n"
    )
    scene.keep(raw)
    scene.keep(b"\x00" * 100)
    scene.keep(b"Subject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80{{ 7*7 }} '; DROP TABLE x; --")
    scene.read()
    assert not Envelope.objects.filter(state=Envelope.State.RECEIVED).exists()
    assert not any("\0" in message.text + message.subject for message in Message.objects.all())


@pytest.mark.parametrize(
    ("headers", "kind", "state"),
    [
        (("Auto-Submitted: auto-replied",), "automatic", "open"),
        (("Precedence: bulk", "List-Id: <x.y>"), "automatic", "open"),
    ],
)
def test_a_machine_s_mail_is_kept_and_marked(
    scene: Scene, headers: tuple[str, ...], kind: str, state: str
) -> None:
    message = scene.mail("Jag är på semester", headers=headers)
    assert (message.kind, message.author, message.conversation.state) == (kind, "automatic", state)


def test_our_own_mail_that_comes_back_is_automatic(scene: Scene) -> None:
    message = scene.mail("eko", sender=f"Gata <{scene.place.address}>")
    assert message.kind == "automatic"
    assert "own-address" in message.marks


def test_residents_who_were_copied_take_part_and_our_own_do_not(scene: Scene) -> None:
    other, before = Scene("skolan@norrvik.example"), "gator@norrvik.example"
    FormerAddress.objects.create(point=scene.place, channel="email", address=before, left_on=clock.today())
    message = scene.mail(
        to=f"{scene.place.address}, {other.place.address}, {before}",
        headers=(f"Cc: Bo <bo@example.se>, noreply@example.se, {scene.kim.email}, anna@example.se",),
    )
    parts = {part.address: part.author for part in message.conversation.participants.all()}
    assert parts == {"anna@example.se": True, "bo@example.se": False}


def test_answers_go_where_the_writer_asked_for_them_but_never_to_ourselves(scene: Scene) -> None:
    elsewhere = scene.mail("ett", headers=("Reply-To: hemma@example.se",))
    assert elsewhere.conversation.participants.get().address == "hemma@example.se"
    ourselves = scene.mail("två", headers=(f"Reply-To: {scene.place.address}",))
    assert ourselves.conversation.participants.get().address == "anna@example.se"


def test_a_protected_name_stands_in_no_list(scene: Scene) -> None:
    Contact.objects.filter(messages=scene.mail("ett")).update(protected=True)
    assert scene.mail("två").conversation.contact_name == ""


def test_old_imported_words_wait_for_nobody_and_new_ones_do(scene: Scene) -> None:
    old = make_mail("gammalt", date="Mon, 07 Jan 2019 09:00:00 +0100")
    new = make_mail("nytt", date=(clock.now() - dt.timedelta(days=2)).strftime("%a, %d %b %Y %H:%M:%S +0000"))
    for raw in (old, new):
        scene.keep(raw, source=Envelope.Source.IMPORT)
    scene.read()
    first, second = Conversation.objects.order_by("pk")
    assert (first.imported, first.state, first.opened_at.year) == (True, "closed", 2019)
    assert (second.imported, second.state) == (True, "open")


def test_reading_a_mail_costs_a_dozen_statements(scene: Scene) -> None:
    scene.mail("först")
    Event.objects.update(state=Event.State.DONE)
    new = make_mail("ny", sender="bo@example.se", message_id="n@x")
    reply = make_mail("svar", sender="bo@example.se", headers=("In-Reply-To: <n@x>",))
    for raw, most in ((new, 13), (reply, 11)):
        fact = EnvelopeReceived(scene.keep(raw).pk)
        Event.objects.update(state=Event.State.DONE)
        with CaptureQueriesContext(connection) as captured:
            read_envelope(fact)()
        statements = [str(one["sql"]) for one in captured if "advisory" not in str(one["sql"])]
        assert len(statements) <= most, "\n".join(statements)
    assert Participant.objects.count() == 2
