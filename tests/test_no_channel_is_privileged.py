"""Law 2: the rooms know the contract, not the channels. No room says a channel's name, and the house works under other names."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.answers.sentences import sending_sentence
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.answers.tests.sink import Sink
from gensvar.channels.email.channel import EmailChannel
from gensvar.channels.web.channel import WebChannel
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract import channel as registry
from gensvar.contract.channel import arriving, capabilities_of, carrier, carrying, installed, names_of
from gensvar.contract.testing import MemoryChannel
from gensvar.contract.values import Address, Arrival, Capabilities
from gensvar.intake.addresses import find
from gensvar.intake.models import Envelope
from gensvar.routing.tests.scene import word_comes
from gensvar.square.arriving import form_point
from gensvar.square.places import Around, around, talking
from tests.databases import ROOT

ROOMS = ROOT / "src" / "gensvar"
TEMPLATE_WORD = r"""\{%[^%]*["']({names})["'][^%]*%\}"""
MEANT_OTHERWISE = {
    "config/commands/running.py": "a process",
    "config/demo/comments.py": "a field of the form",
    "config/demo/load.py": "a person's field in town.toml",
    "config/demo/words.py": "a field of the form",
    "config/health.py": "a process",
    "config/demo/guests.py": "a field of the row: where the invitation goes",
    "config/preparing.py": "a column of the log-ins",
    "config/processes/presence.py": "a process",
    "config/processes/web.py": "a process",
    "config/settings.py": "what allauth calls the log-in",
    "contactpoints/municipality/playbook.py": "a field of the row: where the municipality is written to",
    "contract/values.py": "AnswerBy: a resident's wish",
    "core/models.py": "what one logs in with",
    "core/personal_data/findings.py": "a kind of personal data",
    "desk/accounts.py": "a word of a template",
    "desk/forgotten.py": "a field of allauth's form",
    "desk/managing/forms.py": "a field of a form",
    "desk/managing/people.py": "a field of a form",
    "people/logins.py": "a word of a sentence",
    "publishing/guests/services.py": "a field of the row: where the invitation goes",
    "square/forms.py": "a field of the form, and a kind of field in HTML",
    "square/templates/square/tell.html": "a field of the form: an address to answer to",
    "square/writing.py": "AnswerBy: a resident's wish",
    "square/unsent.py": "a field of the form",
}


def _is_said(source: str, names: set[str], quoted: re.Pattern[str]) -> bool:
    """Whether a string of a module is one of the names; most modules hold none, and need not be parsed for it."""
    return quoted.search(source) is not None and any(
        isinstance(node, ast.Constant) and node.value in names for node in ast.walk(ast.parse(source))
    )


def names_said() -> Iterator[str]:
    """The rooms' files in which a string, or a tag of a template, is the name of an installed channel."""
    names = set(installed())
    tag = re.compile(TEMPLATE_WORD.replace("{names}", "|".join(sorted(names))))
    quoted = re.compile(rf"[\"'](?:{'|'.join(sorted(names))})[\"']")
    for path in sorted(ROOMS.rglob("*")):
        place = path.relative_to(ROOMS).as_posix()
        if place.startswith("channels/") or {"tests", "migrations"} & set(path.parts):
            continue
        if path.suffix == ".py" and _is_said(path.read_text(), names, quoted):
            yield place
        if path.suffix in {".html", ".txt", ".xml"} and tag.search(path.read_text()):
            yield place


def test_no_room_says_the_name_of_a_channel() -> None:
    assert set(installed()) >= {"email", "web"}
    found = set(names_said())
    assert found - set(MEANT_OTHERWISE) == set(), "say what the channel declares of itself instead (contract)"
    assert set(MEANT_OTHERWISE) - found == set(), "these need no excuse any more"


class Carrier(EmailChannel):
    """Mail under another name."""

    name: ClassVar[str] = "carrier"


class Sheet(WebChannel):
    """The form under another name."""

    name: ClassVar[str] = "sheet"


class Bell(MemoryChannel):
    """Rings people up."""

    name: ClassVar[str] = "bell"
    icon: ClassVar[str] = "mobile-alt"
    capabilities: ClassVar[Capabilities] = Capabilities(writes_first=True, addresses=Address.TELEPHONE)


@pytest.fixture
def other_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only channels whose names nobody has heard of are installed."""
    points = EntryPoints(
        EntryPoint(name=one.name, value=f"{__name__}:{one.__name__}", group=registry.ENTRY_POINT_GROUP)
        for one in (Carrier, Sheet, Bell)
    )
    monkeypatch.setattr(registry, "entry_points", lambda **asked: points.select(**asked))
    registry.forget()
    yield
    registry.forget()


@dataclass
class House:
    """A town whose places are of these channels."""

    town: Town
    form: ContactPoint
    bell: ContactPoint


@pytest.fixture
def house(other_names: None, db: None, settings: Any) -> Iterator[House]:
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT, settings.GENSVAR_UNDO_SECONDS = sink.url, 0
        town = Town(sink)
        ContactPoint.objects.filter(pk=town.place.pk).update(channel="carrier")
        town.place.refresh_from_db()
        form = make_contact_point(town.streets, channel="sheet", address="skriv")
        yield House(town, form, make_contact_point(town.streets, channel="bell", address="070-111 22 33"))


def test_channels_are_found_by_what_they_say_of_themselves(other_names: None) -> None:
    assert arriving(Arrival.MAIL) == ("carrier",)
    assert arriving(Arrival.FORM) == ("sheet",)
    assert [carrying(kind) for kind in (Address.MAILBOX, Address.TELEPHONE)] == ["carrier", "bell"]
    assert carrier("sheet", "anna@example.org") == "carrier"
    assert [carrier("sheet", "anna hemma"), carrier("sheet", ""), carrier("bell", "070")] == [
        *("sheet", "sheet", "bell"),
    ]
    assert carrier("gone", "anna@example.org") == "gone"
    assert not capabilities_of("gone").answers
    assert names_of("gone").place == "Gone"
    assert names_of("bell").place == "Memory"


def test_a_word_from_our_form_is_answered_by_mail_and_the_reply_comes_home(house: House) -> None:
    assert form_point() == house.form
    fields = {"text": "Hej, när plogar ni?", "email": "Anna@Example.org", "name": "Anna"}
    raw = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + urlencode(fields).encode()
    message = word_comes(house.form, raw=raw, source=Envelope.Source.FORM)
    conversation = message.conversation
    with override("sv"):
        said = sending_sentence(conversation, house.town.kim, house.town.streets)
    assert said == "Skickas som mejl till anna@example.org från Gata & park (Kim Ek)"
    house.town.answer(message, "I kväll.")
    send_waiting()
    receipt, answer = house.town.sink.to("anna@example.org")
    assert conversation.number in str(receipt.mail["Subject"])
    assert answer.text.startswith("I kväll.")
    assert find(answer.reply_to) == house.town.place
    again = word_comes(house.town.place, to=answer.reply_to, text="Tack, men vilken kväll?")
    assert again.conversation_id == conversation.pk


def test_a_word_of_any_channel_gets_its_receipt_and_its_answer_there(house: House) -> None:
    raw = json.dumps({"sender": "070-222", "text": "Hej, när plogar ni?"}).encode()
    message = word_comes(house.bell, raw=raw)
    sent = house.town.answer(message)
    send_waiting()
    assert set(Delivery.objects.values_list("kind", "channel", "state")) == {
        ("receipt", "bell", "sent"),
        ("answer", "bell", "sent"),
    }
    assert the_delivery(sent).recipient == "070-222"


def test_the_directory_leads_to_each_place_by_what_its_channel_says(house: House) -> None:
    with override("sv"):
        found = {
            (one.kind, one.icon, one.link, one.address) for one in talking((around() or Around()).places)
        }
        first = talking((around() or Around()).places)[0]
    assert found == {
        ("Formulär på webbplatsen", "form", "/skriv", ""),
        ("E-post", "mail", "mailto:gata@norrvik.example", "gata@norrvik.example"),
        ("Memory", "mobile-alt", "tel:0701112233", "070-111 22 33"),
    }
    assert first.icon == "form"
