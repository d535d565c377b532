"""The mail server and the town of this room's tests; their imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gensvar.answers.tests.sink import Sink
    from gensvar.learning.tests.scene import Town


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server; gone after the test."""
    from gensvar.answers.tests.sink import Sink

    with Sink() as server:
        yield server


@pytest.fixture
def town(db: None, sink: Sink, settings: Any) -> Town:
    """The town, whose mail goes to the sink."""
    from gensvar.learning.tests.scene import Town

    settings.GENSVAR_MAIL_OUT = sink.url
    return Town(sink)
