"""The mail server and the town that the tests of this room share; their imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gensvar.answers.tests.scene import Town
    from gensvar.answers.tests.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server; gone after the test."""
    from gensvar.answers.tests.sink import Sink

    with Sink() as server:
        yield server


@pytest.fixture
def town(db: None, sink: Sink, settings: Any) -> Town:
    """The town, whose mail goes to the sink, and whose answers cannot be taken back unless a test says so."""
    from gensvar.answers.tests.scene import Town

    settings.GENSVAR_MAIL_OUT = sink.url
    settings.GENSVAR_UNDO_SECONDS = 0
    return Town(sink)
