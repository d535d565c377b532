"""Whoever answers sees that an address was only typed, until something comes from it, and that a sender is doubted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import join_plus
from gensvar.conversations.models import Contact
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.intake.models import Envelope
from gensvar.routing.tests.scene import word_comes

pytestmark = pytest.mark.django_db
ANNA = "anna@example.org"
FAILED = {"Authentication-Results": "mx.norrvik.example; dmarc=fail"}


def test_a_typed_address_is_a_claim_until_it_writes_itself(town: Town, settings: Any) -> None:
    settings.GENSVAR_MAIL_AUTHSERV_ID = "mx.norrvik.example"
    form = make_contact_point(town.streets, channel="web", address="skriv")
    raw = (
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        + urlencode(
            {"text": "Vem bor där?", "email": ANNA, "answer_by": "email", "place": "Ringvägen 4"}
        ).encode()
    )
    word = word_comes(form, raw=raw, source=Envelope.Source.FORM)
    kim, registrar = logged_in(town.kim), logged_in(town.by_role[Role.REGISTRAR])
    here = f"/desk/inkorg/{word.conversation.number}/"

    def claimed() -> tuple[bool, bool, bool]:
        page = kim.get(here).content.decode()
        card = page.partition("desk-writer")[2].partition("</section>")[0]
        return (
            "bara ifylld" in card,
            f"{ANNA} är bara ifylld i formuläret" in page,
            "adressen bara ifylld" in page,
        )

    def doubted() -> bool:
        """Whether the list says it, as it comes to a page that is open already."""
        return "avsändaren betvivlas" in kim.get("/desk/inkorg/nytt/?queue=all&version=0").json()["rows"]

    assert claimed() == (True, True, True)
    assert "Var det är: Ringvägen 4" in kim.get(here).content.decode()
    assert word.conversation.number in kim.get("/desk/inkorg/?queue=all&q=ringvägen").content.decode()
    assert "bara ifylld" in registrar.get(here).content.decode()
    assert not doubted()
    part = word.conversation.participants.get()
    to = join_plus(town.mailbox.address, part.token)
    word_comes(town.mailbox, to=to, headers=FAILED, text="Jag är Anna.")
    assert claimed() == (True, True, True)
    assert "kommer från den avsändaren" in kim.get(here).content.decode()
    assert doubted()
    word_comes(town.mailbox, to=to, headers={"Auto-Submitted": "auto-replied"}, text="Borta.")
    assert claimed() == (True, True, True)
    Contact.objects.update(protected=True)
    assert claimed() == (False, False, False)
    assert ANNA not in kim.get(here).content.decode()
    Contact.objects.update(protected=False)
    word_comes(town.mailbox, to=to, text="Ja, det är jag.")
    assert claimed() == (False, False, True)  # who filled in the form is still not known
    assert not doubted()  # the newest word is theirs
    word_comes(town.mailbox, to=to, sender="Bo <bo@example.org>", text="Jag med.")
    assert "Bo: vill ha svaret samma väg" in kim.get(here).content.decode()  # of two it is said which
