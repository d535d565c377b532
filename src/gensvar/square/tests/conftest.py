"""The town of what came of words, as this room's tests show it; its imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gensvar.learning.tests.scene import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """The town, with a mail server of its own."""
    from gensvar.answers.tests.sink import Sink
    from gensvar.learning.tests.scene import Town

    with Sink() as sink:
        yield Town(sink)
