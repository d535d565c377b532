"""A mail server that listens for the tests of this room, with two addresses behind it.

Models are imported inside: pytest reads this file before Django is ready.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

if TYPE_CHECKING:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.intake.listener import MailServer


@pytest.fixture
def places(transactional_db: None) -> list[ContactPoint]:
    from gensvar.contactpoints.tests.factories import make_contact_point
    from gensvar.intake.tests.wire import GATA, SKOLA
    from gensvar.people.tests.factories import make_function

    function = make_function()
    return [make_contact_point(function, address=address) for address in (GATA, SKOLA)]


@pytest.fixture
def server(places: list[ContactPoint], settings: LazySettings) -> Iterator[MailServer]:
    from gensvar.intake.listener import MailServer
    from gensvar.intake.tests.wire import LARGEST

    settings.GENSVAR_LARGEST_WORD = LARGEST
    server = MailServer(host="127.0.0.1", smtp_port=0, lmtp_port=0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp(server: MailServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120) as client:
        yield client


@pytest.fixture
def lmtp(server: MailServer) -> Iterator[smtplib.LMTP]:
    with smtplib.LMTP("127.0.0.1", server.lmtp_port) as client:
        yield client
