"""The web process of these tests; its imports wait until Django is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gensvar.config.pages.tests.scene import Web


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    """It remembers nothing, and looks for changes by itself only when the test wants to."""
    from gensvar.config.pages import asking, looking
    from gensvar.config.pages.tests.scene import Web
    from gensvar.core import freshness

    monkeypatch.setattr(looking, "begin", lambda: None)
    freshness.look(late=0)
    asking._name.cache_clear()
    return Web()
