"""The collections in which the pictures of the library lie: ours, and those that guests gave. A migration has made both;
one that was taken away, renamed or moved since is made anew, and nobody chooses in it until an administrator says who.

Nothing lies at Wagtail's root, since what a role has there reaches down to every collection.
"""

from __future__ import annotations

from typing import Final

from wagtail.models import Collection

OURS: Final = "Bilder"
GUESTS: Final = "Gästers bilder"


def ours() -> Collection:
    """Where everybody who writes posts adds and chooses."""
    return _named(OURS)


def guests() -> Collection:
    """Where those choose who publish, and so may open every draft; nobody adds or changes."""
    return _named(GUESTS)


def _named(name: str) -> Collection:
    found = Collection.objects.filter(depth=2, name=name).order_by("pk").first()
    return found or Collection.get_first_root_node().add_child(name=name)
