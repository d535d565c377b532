"""A small municipality as the desk's tests need it: two functions, one person of every role, words that came by the real way."""

from __future__ import annotations

import io
from dataclasses import dataclass
from email.message import EmailMessage

from django.test import Client
from PIL import Image

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Conversation
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.routing.tests.scene import fresh, word_comes


@dataclass(frozen=True, slots=True)
class Town:
    """Streets and schools; Kim answers for streets, Sam for schools, Robin for both; one more person of each role."""

    streets: Function
    schools: Function
    office: Function
    mailbox: ContactPoint
    school_mailbox: ContactPoint
    kim: Person
    sam: Person
    robin: Person
    by_role: dict[Role, Person]

    def user(self, role: Role) -> User:
        """The log-in of the person of that role, fresh."""
        return user_of(self.by_role[role])


def make_town() -> Town:
    """Make the rows."""
    office = make_function("Kommunkansliet", coordinates=True)
    streets, schools = make_function("Gata & park"), make_function("Skola")
    kim = make_person("Kim Ek", streets, title="gatuingenjör", email="kim@norrvik.example")
    sam = make_person("Sam Åberg", schools, title="rektor", email="sam@norrvik.example")
    robin = make_person("Robin Öst", streets, schools, roles=(Role.EDITOR,), email="robin@norrvik.example")
    by_role = {Role.ANSWERER: kim, Role.EDITOR: robin}
    for role in (Role.COORDINATOR, Role.REGISTRAR, Role.EXTERNAL, Role.ADMINISTRATOR):
        held = {Role.COORDINATOR: (office,), Role.EXTERNAL: (streets,)}.get(role, ())
        by_role[role] = make_person(
            f"{role.title()} Norr", *held, roles=(role,), email=f"{role}@norrvik.example"
        )
    return Town(
        streets=streets,
        schools=schools,
        office=office,
        mailbox=make_contact_point(streets, address="gata@norrvik.example", name="Gata och park"),
        school_mailbox=make_contact_point(schools, address="skola@norrvik.example", name="Skolan"),
        kim=kim,
        sam=sam,
        robin=robin,
        by_role=by_role,
    )


def logged_in(person: Person) -> Client:
    """A client that this person has logged in with."""
    client = Client()
    client.force_login(user_of(person))
    return client


def question(
    place: ContactPoint,
    subject: str = "Snöröjning på Storgatan",
    *,
    sender: str = "Anna Lind <anna@example.org>",
    text: str = "Hej, vår gata är inte plogad. När kommer ni?",
) -> Conversation:
    """A mail that opened a conversation, read and routed."""
    return fresh(word_comes(place, subject=subject, sender=sender, text=text).conversation)


def question_with_files(place: ContactPoint) -> Conversation:
    """A mail with a picture, a page that calls itself a picture, HTML with a remote picture, and a name full of tricks."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo Ek <bo@example.org>", place.address, "Lampan är trasig"
    mail["Message-ID"], mail["Date"] = "<files@example.org>", "Mon, 23 Nov 2026 10:00:00 +0100"
    mail.set_content("Se bilden.\n")
    mail.add_alternative(
        "<p>Se <b>bilden</b>.</p><script>alert(1)</script><img src='https://example.org/spy.gif'>",
        subtype="html",
    )
    mail.add_attachment(picture(), maintype="image", subtype="png", filename="lampa.png")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="image", subtype="png", filename="bluff.png")
    mail.add_attachment(b"<h1>x</h1>", maintype="text", subtype="html", filename="../../etc/sida.html")
    return fresh(word_comes(place, raw=mail.as_bytes()).conversation)


def question_with_photograph(place: ContactPoint, text: str = "Se bilden.") -> Conversation:
    """A mail of Bo Ek's with a photograph of a lamp."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo Ek <bo@example.org>", place.address, "Lampan"
    mail["Message-ID"] = "<lampan@example.org>"
    mail.set_content(text)
    mail.add_attachment(photograph(), maintype="image", subtype="jpeg", filename="lampa.jpg")
    return fresh(word_comes(place, raw=mail.as_bytes()).conversation)


def photograph() -> bytes:
    """A JPEG that says which camera took it: "HemligKamera"."""
    exif = Image.Exif()
    exif[0x010F] = "HemligKamera"
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (20, 60, 140)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def picture() -> bytes:
    """A real picture."""
    out = io.BytesIO()
    Image.new("RGB", (900, 600), (180, 60, 40)).save(out, "PNG")
    return out.getvalue()


def envelope_that_failed(place: ContactPoint) -> Envelope:
    """A mail that could not be read, as the reader leaves it."""
    came = receive(b"\x00\x01 not a mail", contact_point=place, source=Envelope.Source.SMTP)
    Envelope.objects.filter(pk=came.envelope_id).update(
        state=Envelope.State.FAILED, error="No header at all."
    )
    return Envelope.objects.get(pk=came.envelope_id)
