"""E-mail as a channel: the one class that the core sees, by its entry point. All work is done in the modules beside it."""

from __future__ import annotations

import logging
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.channels.email import addresses, composing, reading, sending, server
from gensvar.contract.errors import Unreadable
from gensvar.contract.values import (
    Address,
    Arrival,
    Capabilities,
    Incoming,
    Names,
    Outgoing,
    Problem,
    Sent,
)

logger = logging.getLogger(__name__)


class EmailChannel:
    """Mail in and out (RFC 5322 and what is really sent)."""

    name: ClassVar[str] = "email"
    icon: ClassVar[str] = "mail"
    capabilities: ClassVar[Capabilities] = Capabilities(
        writes_first=True,
        files=True,
        threads=True,
        bounces=True,
        arrives=Arrival.MAIL,
        addresses=Address.MAILBOX,
    )
    names: ClassVar[Names] = Names(sent_as=gettext_lazy("e-mail"))
    Settings: ClassVar[type[server.Settings]] = server.Settings

    def label(self) -> str:
        """The channel's name in the reader's language."""
        return _("E-mail")

    def parse(self, raw: bytes) -> Incoming:
        """Read any bytes as a mail; something is found in all of them. Raises Unreadable where our own code fails on it."""
        try:
            return reading.read(raw)
        except Exception as error:  # the bytes are kept: this becomes a state that staff see, with a retry
            logger.exception("A mail of %s bytes could not be read.", len(raw))
            raise Unreadable(
                _("This mail could not be read (%(fault)s); it is kept as it came.")
                % {"fault": type(error).__name__}
            ) from error

    def normalise(self, address: str) -> str:
        """Lower case, the domain in its ASCII form. Raises ValueError for what is no mail address."""
        return addresses.normal(address)

    def compose(self, word: Outgoing, settings: server.Settings) -> bytes:
        """The mail as it will be sent, at every try the same. Raises Unsupported."""
        return composing.compose(word, settings)

    def send(self, composed: bytes, word: Outgoing, settings: server.Settings) -> Sent:
        """Hand it to the mail server. Raises TryLater, Permanent, Unsupported."""
        return sending.send(composed, word, settings)

    def check(self, settings: server.Settings) -> list[Problem]:
        """What is not well with the mail server."""
        return sending.check(settings)
