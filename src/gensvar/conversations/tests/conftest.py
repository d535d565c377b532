"""The scene that the tests of this room share, with who acts in it; their imports wait until Django is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gensvar.conversations.models import Conversation
    from gensvar.conversations.tests.scene import Scene
    from gensvar.core.models import User


@pytest.fixture
def scene(db: None) -> Scene:
    from gensvar.conversations.tests.scene import Scene

    return Scene()


@pytest.fixture
def conversation(scene: Scene) -> Conversation:
    """Begun by one mail, whose Message-ID is "first@example.se"."""
    return scene.mail(message_id="first@example.se").conversation


@pytest.fixture
def kim(scene: Scene) -> User:
    """Who answers for the scene's function."""
    from gensvar.people.tests.factories import user_of

    return user_of(scene.kim)


@pytest.fixture
def boss(db: None) -> User:
    """A coordinator."""
    from gensvar.core.roles import Role
    from gensvar.people.tests.factories import make_user

    return make_user(Role.COORDINATOR)
