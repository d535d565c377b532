"""The town of what came of words, as this room's tests show it, and whom letters go to; imports wait until Django is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gensvar.answers.tests.sink import Sink
    from gensvar.learning.tests.scene import Town
    from gensvar.square.tests.comments_scene import Commented
    from tests.scenes import Scenes


@pytest.fixture
def commented(scenes: Scenes) -> Iterator[Commented]:
    """A public answer to comment on. Stands before all that a test writes: it lies in a database of its own."""
    from gensvar.square.tests import comments_scene

    with scenes.meet(comments_scene.make) as commented:
        yield commented


@pytest.fixture
def one_span() -> Iterator[None]:
    """For tests that come to a limit: the span in which a network is counted has just begun, and does not end under them."""
    from gensvar.core import clock
    from gensvar.square import limits

    left = limits.SPAN.total_seconds() - clock.now().timestamp() % limits.SPAN.total_seconds()
    with clock.moved(dt.timedelta(seconds=left)):
        yield


@pytest.fixture
def town() -> Iterator[Town]:
    """The town, with a mail server of its own."""
    from gensvar.answers.tests.sink import Sink
    from gensvar.learning.tests.scene import Town

    with Sink() as sink:
        yield Town(sink)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server, and a place of ours that speaks."""
    from gensvar.answers.tests.sink import Sink
    from gensvar.contactpoints.tests.factories import make_contact_point
    from gensvar.people.tests.factories import make_function

    with Sink() as server:
        settings.GENSVAR_MAIL_OUT = server.url
        make_contact_point(make_function("Information", coordinates=True), address="kommun@norrvik.example")
        yield server
