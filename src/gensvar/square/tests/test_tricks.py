"""Text that would be markup, a template or SQL is text wherever it is shown: to who wrote it, to staff and to everybody."""

from __future__ import annotations

from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Attachment
from gensvar.core import runner
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import logged_in, picture
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.publishing.models import PublicExchange
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db

TRICK = "<script>alert(1)</script>{{ 7|add:7 }}' OR 1=1 --"
OWN = '<b onclick=evil>{{ 3|add:4 }}" UNION ALL --'
"""What stands in fields about who writes: other words than in what they say, since the gate holds those back."""
FILE = "<img src=x onerror=alert(1)>{{ 7 }}{% debug %}' OR 1=1 --.png"
KEPT_AS = "_img src=x onerror=alert(1)_{{ 7 }}{% debug %}' OR 1=1 --.png"
"""The same as the form keeps it: no character that a file system takes for something else."""


def shown(client: Client, address: str, *texts: str) -> str:
    """The page at that address, on which those texts stand, and stand as text."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    for text in texts or (TRICK,):
        assert escape(text) in page, (address, text)
    for bad in ("<script>alert(1)", "<img src=x", "<b onclick", "14&#x27; OR", "14' OR"):
        assert bad not in page, (address, bad)
    return page


@pytest.fixture
def town(settings: Settings) -> scene.Town:
    """A town whose own names are tricks as well, as an administrator might type them; its mail is kept."""
    settings.GENSVAR_MAIL_OUT = "kept"
    settings.GENSVAR_UNDO_SECONDS = 0
    made = scene.town()
    Function.objects.update(name=TRICK, name_en=TRICK)
    Person.objects.update(name=TRICK, title=TRICK)
    ContactPoint.objects.update(name=TRICK)
    return made


def test_a_word_full_of_tricks_is_text_on_its_way_from_the_form_to_the_public_page(
    client: Client, town: scene.Town
) -> None:
    anna = scene.written(
        client,
        **dict.fromkeys(("text", "place", "subject", "language"), TRICK),
        **dict.fromkeys(("name", "phone", "postal_address"), OWN),
        answer_by="email",
        email="anna@post.example",
        may_publish="on",
        show_name="on",
        files=SimpleUploadedFile(FILE, picture(), "image/png"),
    )
    shown(client, f"/samtal/{anna.token}", TRICK, KEPT_AS)
    staff = logged_in(town.person)
    at = f"/desk/inkorg/{anna.conversation.number}/"
    shown(staff, at, TRICK, KEPT_AS)
    shown(staff, "/desk/inkorg/?queue=functions")
    assert anna.conversation.number in shown(staff, f"/desk/inkorg/?q={TRICK}")

    answer = {"kind": "answer", "text": TRICK, "act": "save"}
    staff.post(f"{at}skriv/", {**answer, "files": SimpleUploadedFile(FILE, b"x", "image/png")})
    shown(staff, at, TRICK, FILE)
    staff.post(f"{at}skriv/", {**answer, "act": "send"})
    runner.run_waiting()
    delivery = Delivery.objects.get(kind="answer")
    rut = logged_in(make_person("Rut", make_function("Kansli", coordinates=True), roles=(Role.COORDINATOR,)))
    shown(rut, "/desk/utkorg/?state=sent")
    shown(rut, f"/desk/utkorg/{delivery.pk}/")
    shown(client, f"/samtal/{anna.token}", TRICK, FILE)

    address = _through_the_gate(staff, f"{at}publicera/")
    for place in (address, "/fragor", "/"):
        shown(client, place)
    shown(client, f"/fragor?q={TRICK}")


def _through_the_gate(staff: Client, gate: str) -> str:
    """Publish the conversation with tricks in all that staff type there; where the public finds it."""
    staff.post(gate, {"action": "prepare"})
    shown(staff, gate)
    staff.post(gate, {"action": "title", "title": TRICK})
    exchange = PublicExchange.objects.get()
    asked, answered = exchange.texts.order_by("message__at", "message_id")
    for text in (asked, answered):
        staff.post(gate, {"action": "approve", "word": text.pk, "text": TRICK})
    attachment = Attachment.objects.get(message=asked.message)
    chosen = {"action": "picture", "word": asked.pk, "attachment": attachment.pk, "alternative": TRICK}
    staff.post(gate, chosen)
    assert asked.pictures.get().alternative == TRICK
    shown(staff, gate)
    said = staff.post(gate, {"action": "publish"}, follow=True).context["messages"]
    exchange.refresh_from_db()
    assert exchange.state == PublicExchange.State.PUBLISHED, [str(one) for one in said]
    return f"/fragor/{exchange.number}-{exchange.slug}"


def test_an_envelope_that_could_not_be_read_is_shown_as_text(town: scene.Town) -> None:
    came = receive(TRICK.encode(), contact_point=town.form, source=Envelope.Source.SMTP, mail_from=TRICK)
    Envelope.objects.filter(pk=came.envelope_id).update(state=Envelope.State.FAILED, error=TRICK)
    registrar = logged_in(make_person("Rolf", roles=(Role.REGISTRAR,)))
    assert shown(registrar, "/desk/kuvert/").count(escape(TRICK)) >= 3, "place, sender and error"
    raw = registrar.get(f"/desk/kuvert/{came.envelope_id}/ratext/")
    assert raw.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
