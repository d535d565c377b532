"""The web form as a channel: what was posted is the word; the private link, where the answer stands, is the delivery.

Neighbours: form takes the bytes apart; the square's screens show the form and the link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.channels.web.form import Form, Upload, take_apart
from gensvar.contract.addresses import TOKEN, ascii_domain
from gensvar.contract.errors import Unreadable
from gensvar.contract.texts import bare_name, clean, line
from gensvar.contract.values import (
    Address,
    AnswerBy,
    Answered,
    Arrival,
    Capabilities,
    File,
    Incoming,
    Names,
    Outgoing,
    Party,
    Problem,
    Sent,
    Wishes,
)

LONGEST_SUBJECT = 200
LONGEST_FIRST_LINE = 80
LONGEST_NAME = 200
LONGEST_ADDRESS = 320
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
KIND = re.compile(r"[a-z0-9][\w.+\-]{0,60}/[a-z0-9][\w.+\-]{0,90}")
YES = frozenset({"1", "on", "yes", "true", "ja"})


@dataclass(frozen=True)
class WebSettings:
    """The form has nothing to set: its words, hours and notice belong to the contact point itself."""


class WebChannel:
    """The form on the municipality's own pages."""

    name: ClassVar[str] = "web"
    icon: ClassVar[str] = "form"
    capabilities: ClassVar[Capabilities] = Capabilities(
        files=True,
        threads=True,
        arrives=Arrival.FORM,
        answered=Answered.LINK,
        addresses=Address.MAILBOX,
    )
    names: ClassVar[Names] = Names(place=gettext_lazy("Form on this website"))
    Settings: ClassVar[type[WebSettings]] = WebSettings

    def label(self) -> str:
        """The channel's name in the reader's language."""
        return _("Web form")

    def parse(self, raw: bytes) -> Incoming:
        """Read a posted form. Raises Unreadable where it is none, or where neither a text nor a file is in it."""
        try:
            form = take_apart(raw)
        except Unreadable as error:
            raise Unreadable(_("What was posted is not a form; it is kept as it came.")) from error
        text = clean(form.first("text")).strip()
        files = tuple(_file(upload) for upload in form.files.get("files", ()))
        if not text and not files:
            raise Unreadable(_("The form was empty: it holds neither words nor files."))
        token = form.first("token").lower()
        language = form.first("language")
        return Incoming(
            sender=self._writer(form),
            text=text,
            subject=line(form.first("subject"), LONGEST_SUBJECT) or _first_line(text),
            files=files,
            tokens=(token,) if TOKEN.fullmatch(token) else (),
            language=language if LANGUAGE.fullmatch(language) else "",
            wishes=_wishes(form),
        )

    def _writer(self, form: Form) -> Party:
        """Who wrote, with the e-mail address if one was given; one that cannot be an address is only kept as written."""
        written = line(form.first("email"), LONGEST_ADDRESS)
        try:
            address = self.normalise(written) if "@" in written else ""
        except ValueError:
            address = ""
        return Party(address, line(form.first("name"), LONGEST_NAME), written)

    def normalise(self, address: str) -> str:
        """One word in lower case: the form's own name, or a writer's e-mail address. Raises ValueError."""
        address = address.strip().lower()
        if (
            not address
            or len(address) > LONGEST_ADDRESS
            or not address.isprintable()
            or re.search(r"\s", address)
        ):
            raise ValueError(_("An address of the web form is one word, at most 320 characters long."))
        local, at, domain = address.rpartition("@")
        return f"{local}@{ascii_domain(domain)}" if at else address

    def compose(self, word: Outgoing, settings: WebSettings) -> bytes:
        """What will be shown at the private link, as text that a person can read."""
        lines = [
            f"From: {line(word.sender_name, LONGEST_NAME)}",
            f"To: {line(word.recipient.name or word.recipient.address, LONGEST_NAME)}",
            f"Subject: {line(word.subject, LONGEST_SUBJECT)}",
            *([f"Date: {word.sent_at.isoformat()}"] if word.sent_at else []),
            f"Identifier: {line(word.message_id, 250)}",
            *([f"Shown at: {line(word.private_link, 2000)}"] if word.private_link else []),
            *(f"File: {bare_name(file.filename)} ({len(file.data)} bytes)" for file in word.files),
        ]
        return ("\n".join(lines) + "\n\n" + clean(word.text).strip("\n") + "\n").encode()

    def send(self, composed: bytes, word: Outgoing, settings: WebSettings) -> Sent:
        """The answer stands at the private link as soon as it is written: nothing has to travel."""
        return Sent(reference="link")

    def check(self, settings: WebSettings) -> list[Problem]:
        """Nothing outside our own pages is needed."""
        return []


def _first_line(text: str) -> str:
    """A subject for a word without one: its first line, cut between words."""
    first = line(text.partition("\n")[0], 2000)
    if len(first) <= LONGEST_FIRST_LINE:
        return first
    cut = first[: LONGEST_FIRST_LINE - 1]
    return (cut.rpartition(" ")[0] if " " in cut[40:] else cut).rstrip(" ,.;:–-") + "…"


def _file(upload: Upload) -> File:
    kind = upload.content_type if KIND.fullmatch(upload.content_type) else "application/octet-stream"
    return File(bare_name(upload.filename), kind, upload.data)


def _wishes(form: Form) -> Wishes:
    """What was chosen; anything that is no clear yes is a no (law 5)."""
    try:
        answer_by = AnswerBy(form.first("answer_by").lower())
    except ValueError:
        answer_by = AnswerBy.SAME
    return Wishes(
        answer_by=answer_by,
        may_publish=form.first("may_publish").lower() in YES,
        show_name=form.first("show_name").lower() in YES,
        phone=line(form.first("phone"), 50),
        postal_address=clean(form.first("postal_address"))[:500].strip(),
        place=line(form.first("place"), 200),
    )
