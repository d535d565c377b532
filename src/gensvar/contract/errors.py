"""What can go wrong between the core and a channel; an error's docstring is its message where none is given."""

from __future__ import annotations

import datetime as dt


class ChannelError(Exception):
    """The channel could not do what was asked."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class TryLater(ChannelError):
    """The other side cannot take this now; it will be tried again."""

    def __init__(self, message: str = "", *, after: dt.timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class Permanent(ChannelError):
    """The other side refuses this for good."""


class Unsupported(ChannelError):
    """This channel has no way to carry that; nothing was sent."""


class Unreadable(ChannelError):
    """What arrived could not be read; the bytes are kept."""
