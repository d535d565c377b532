"""What opens something for a resident or a colleague is shown to nobody else in the desk, however it came back to us."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage

import pytest

from gensvar.answers import drafts, forwarding
from gensvar.answers.links import private_link
from gensvar.answers.models import DeliveryFile, Draft
from gensvar.contract.addresses import join_plus
from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.core import covering, files
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.people.tests.factories import user_of
from gensvar.publishing import services as publishing
from gensvar.publishing.models import PublicText
from gensvar.routing.tests.scene import fresh, word_comes

pytestmark = pytest.mark.django_db


def reply_with_the_key(town: Town, asked: Conversation) -> Message:
    """Anna answers us: the link stands in her words, in what she quotes, in the HTML and in a mail that she enclosed."""
    holder = asked.participants.get()
    link = private_link(holder, "sv")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Anna Lind <anna@example.org>", f"Länken {link}"
    mail["To"] = join_plus(town.mailbox.address, holder.token)
    mail["Message-ID"] = "<reply@example.org>"
    mail["References"] = f"<{holder.token}.1@norrvik.example>"
    said = f"Länken {link} fungerar inte.\n\nDen 23 nov 2026 skrev Kim Ek:\n> Vi kommer.\n> {link}\n"
    mail.set_content(said, cte="quoted-printable")
    mail.add_alternative(
        f"<p>Länken <a href='{link}'>{link}</a> fungerar inte.</p><blockquote>{link}</blockquote>",
        subtype="html",
        cte="base64",
    )
    enclosed = EmailMessage()
    enclosed["Subject"] = "Re: Snöröjning"
    enclosed.set_content(f"Vi kommer.\n{link}\n", cte="quoted-printable")
    mail.add_attachment(enclosed)
    return word_comes(town.mailbox, raw=mail.as_bytes(), to=str(mail["To"]))


@pytest.mark.parametrize("before", [False, True], ids=["read now", "read before keys were covered"])
def test_a_residents_key_that_comes_back_in_a_reply_is_shown_to_nobody(before: bool) -> None:
    town = make_town()
    asked = question(town.mailbox)
    token = asked.participants.get().token
    word = reply_with_the_key(town, asked)
    assert word.conversation == asked
    if before:
        shown = f"Se /samtal/{token}."
        Message.objects.filter(pk=word.pk).update(
            text=shown, quoted=shown, html=f"<p>{shown}</p>", place=shown
        )
        Conversation.objects.filter(pk=asked.pk).update(preview=shown)
    client = logged_in(town.robin)
    enclosed = Attachment.objects.get(message=word, content_type="message/rfc822")
    addresses = [
        f"/desk/inkorg/{asked.number}/",
        "/desk/inkorg/?queue=all",
        f"/desk/ord/{word.pk}/",
        f"/desk/ord/{word.pk}/som-mottaget/",
        f"/desk/fil/{enclosed.pk}/",
    ]
    publishing.prepare(fresh(asked), by=user_of(town.robin))
    for address in (*addresses, f"/desk/inkorg/{asked.number}/publicera/"):
        page = client.get(address)
        assert page.status_code == 200, address
        found = opened(page.content)
        assert token.encode() not in found, address
        assert covering.COVERED.encode() in found or covering.COVERED_BYTES in found, address
    draft = drafts.save_draft(
        person=town.robin,
        kind=Draft.Kind.FORWARD,
        text="Kan ni svara?",
        conversation=fresh(asked),
        recipient="firma@plog.example",
    )
    sent = forwarding.forward(draft, by=user_of(town.robin)).deliveries.get()
    assert token not in sent.text
    (beside,) = DeliveryFile.objects.filter(delivery=sent)
    assert token.encode() not in opened(files.read(beside.sha256))
    assert not exists_publicly(token)


def opened(raw: bytes) -> bytes:
    """The bytes as they are, and the parts of a mail as whoever saves it reads them."""
    parts = (part.get_payload(decode=True) for part in message_from_bytes(raw).walk())
    return raw + b"".join(part for part in parts if isinstance(part, bytes))


def exists_publicly(token: str) -> bool:
    """Whether a text that is proposed for the public holds it."""
    return PublicText.objects.filter(text__contains=token).exists()


def test_a_report_shows_neither_the_mail_that_came_back_nor_its_bytes_to_anybody() -> None:
    town = make_town()
    report = word_comes(town.mailbox, sender="MAILER-DAEMON@mx.example.org", subject="Tillbaka")
    Message.objects.filter(pk=report.pk).update(
        kind="bounce",
        text="Hej, vår gata\n\n------ This is a copy of your message ------\n\nSubject: Nyckeln",
        quoted="> Sätt lösenord",
        html="<p>Sätt</p>",
        marks=["cut"],
    )
    returned, status = (
        Attachment.objects.create(
            message=report, filename=name, content_type=kind, size=4, sha256=files.keep(b"Ord.")
        )
        for name, kind in (("Brev.eml", "message/rfc822"), ("status.txt", "message/delivery-status"))
    )
    for role in (Role.COORDINATOR, Role.EDITOR):
        client = logged_in(town.by_role[role])
        page = client.get(f"/desk/inkorg/{report.conversation.number}/").content.decode()
        assert "Hej, vår gata" in page, "what the machine itself says"
        assert "status.txt" in page
        assert "Brevet som kom tillbaka är sparat men visas inte för någon" in page
        for hidden in ("Brev.eml", "Nyckeln", "Sätt lösenord", "som-mottaget", f"/desk/ord/{report.pk}/"):
            assert hidden not in page
        assert client.get(f"/desk/fil/{status.pk}/").status_code == 200
        for address in (
            f"/desk/fil/{returned.pk}/",
            f"/desk/ord/{report.pk}/",
            f"/desk/ord/{report.pk}/som-mottaget/",
        ):
            assert client.get(address).status_code == 404, address
    draft = drafts.save_draft(
        person=town.kim,
        kind=Draft.Kind.FORWARD,
        text="Se.",
        conversation=report.conversation,
        recipient="x@y.example",
    )
    sent = forwarding.forward(draft, by=user_of(town.kim)).deliveries.get()
    assert not sent.files.exists()
    assert "Nyckeln" not in sent.text
