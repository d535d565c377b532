"""The Channel protocol: one class in one folder, and the registry that finds them by entry points."""

from __future__ import annotations

import functools
import logging
from importlib.metadata import entry_points
from typing import Any, ClassVar, Protocol, runtime_checkable

from gensvar.contract.values import (
    Address,
    Answered,
    Arrival,
    Capabilities,
    Incoming,
    Names,
    Outgoing,
    Problem,
    Sent,
)

logger = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "gensvar.channels"


@runtime_checkable
class Channel(Protocol):
    """A form in which words come and go. `Settings` is a frozen dataclass; its values are stored on the contact point.

    One generic page edits it: `contract.settings.setting` gives a field its words, its choices, or makes it a secret,
    and `BadSetting`, raised by `__post_init__`, names the field that cannot be. A class may also have `names`, a `Names`.
    """

    name: ClassVar[str]  # "email"; stored on contact points, never changed
    icon: ClassVar[str]  # a Wagtail icon name
    capabilities: ClassVar[Capabilities]
    Settings: ClassVar[type[Any]]

    def label(self) -> str:
        """The channel's name in the reader's language."""
        ...

    def parse(self, raw: bytes) -> Incoming:
        """Read bytes into a value: pure, no clock, no network, no database.

        Raises Unreadable where not even a sender or a text can be made out.
        """
        ...

    def normalise(self, address: str) -> str:
        """The one form under which an address of this channel is stored and compared. Raises ValueError for a bad one."""
        ...

    def compose(self, word: Outgoing, settings: Any) -> bytes:
        """The bytes that will be sent: pure, and the same for the same word. Raises Unsupported."""
        ...

    def send(self, composed: bytes, word: Outgoing, settings: Any) -> Sent:
        """Hand the bytes over; called outside any transaction. Raises TryLater, Permanent."""
        ...

    def check(self, settings: Any) -> list[Problem]:
        """What is not well with these settings, without changing anything."""
        ...


@functools.cache
def installed() -> tuple[str, ...]:
    """The names of all installed channels, without loading any of them."""
    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)}))


def channels() -> dict[str, Channel]:
    """Every installed channel by name, from the entry points of all installed packages."""
    return {name: channel(name) for name in installed()}


@functools.cache
def channel(name: str) -> Channel:
    """The channel of that name; one that cannot be loaded does not take the others with it.

    Raises LookupError, with the names that are installed, where there is none of that name.
    """
    found = tuple(entry_points(group=ENTRY_POINT_GROUP, name=name))
    if not found:
        known = ", ".join(installed()) or "none"
        raise LookupError(f"There is no channel “{name}” installed (installed: {known}).")
    made: Channel = found[0].load()()
    return made


def names_of(name: str) -> Names:
    """What people read of a channel; one that is not installed has its bare name."""
    try:
        found = channel(name)
    except LookupError:
        return Names(place=name.capitalize(), sent_as="")
    said: Names = getattr(found, "names", Names())
    return Names(place=said.place or found.label(), sent_as=said.sent_as)


def capabilities_of(name: str) -> Capabilities:
    """What that channel can do; one that is not installed can do nothing."""
    try:
        return channel(name).capabilities
    except LookupError:
        return Capabilities(receives=False, answers=False)


@functools.cache
def arriving(door: Arrival) -> tuple[str, ...]:
    """The names of the channels whose words come in by that door, sorted."""
    return tuple(name for name, can in _loadable().items() if can.receives and can.arrives == door)


@functools.cache
def carrying(kind: Address) -> str:
    """The name of the channel that can write first to an address of that kind (the first by name), or ""."""
    found = (
        name
        for name, can in _loadable().items()
        if can.writes_first and can.answered == Answered.SENT and can.addresses == kind
    )
    return next(found, "")


def carrier(name: str, address: str) -> str:
    """The channel that carries words to an address that a writer of the channel `name` gave; that one where no other does.

    Who writes in a form and leaves a mail address is answered by mail.
    """
    can = capabilities_of(name)
    if not address or can.answered == Answered.SENT or can.addresses == Address.OWN:
        return name
    if can.addresses == Address.MAILBOX and "@" not in address:
        return name
    return carrying(can.addresses) or name


def forget() -> None:
    """Look anew at what is installed: for tests, which install a channel while the process lives."""
    for remembered in (installed, channel, arriving, carrying):
        remembered.cache_clear()


def _loadable() -> dict[str, Capabilities]:
    """What every channel can do; one that cannot be loaded is said in the log and left out."""
    found = {}
    for name in installed():
        try:
            found[name] = channel(name).capabilities
        except Exception:
            logger.exception("The channel “%s” cannot be loaded; the others go on without it.", name)
    return found
