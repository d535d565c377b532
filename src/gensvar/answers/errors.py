"""Why an answer could not be sent or taken back, in words for the person who wrote it; the draft is always kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from gensvar.answers.models import Draft
    from gensvar.conversations.models import Message


class CannotSend(Exception):
    """Nothing was sent; the draft is as it was. The message is for the person who wrote."""


class NothingWritten(CannotSend):
    """The draft lacks what every word needs."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("There is nothing to send yet: write something first."))


class AlreadySent(CannotSend):
    """The draft has gone already, by another click or in another window."""

    def __init__(self) -> None:
        super().__init__(_("This draft has been sent or thrown away already, perhaps in another window."))


class ChangedElsewhere(CannotSend):
    """Another window has saved other words in the same draft since the page was made. `draft` is as it is now."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__(_("This draft has been changed in another window. Both texts are kept: choose."))
        self.draft = draft


class SomethingNew(CannotSend):
    """Somebody said something that the writer has not seen yet. `messages` are those words, oldest first; none where they came
    with another conversation."""

    def __init__(self, messages: Sequence[Message] = ()) -> None:
        super().__init__(
            _("Something new was said while you wrote. Read it, and send again if your answer still holds.")
        )
        self.messages = list(messages)


class NotYours(CannotSend):
    """The person does not speak for that function today."""

    def __init__(self, function: object) -> None:
        super().__init__(
            _(
                "You do not speak for %(function)s today. Choose another function, or pass the conversation on."
            )
            % {"function": function}
        )


class NotSigned(CannotSend):
    """Somebody is asked to stand behind the words too, and has not said yes to them as they are now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s has not signed these very words. Ask again, or answer alone.") % {"name": name}
        )


class NobodyToSendTo(CannotSend):
    """There is no participant to answer, or no address."""

    def __init__(self) -> None:
        super().__init__(_("There is nobody to send this to."))


class BadRecipient(CannotSend):
    """The address cannot be used."""


class NoPlaceToSpeakFrom(CannotSend):
    """No e-mail address of ours is open."""

    def __init__(self) -> None:
        super().__init__(_("None of our e-mail addresses is open, so there is nothing to send from."))


class TooLarge(CannotSend):
    """The files are together larger than a mail may be."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            _("The files are together larger than %(size)d MB, which mail does not carry.")
            % {"size": megabytes}
        )


class TooLate(CannotSend):
    """The time to take it back is over."""

    def __init__(self) -> None:
        super().__init__(_("It is on its way already and cannot be taken back."))


class NothingToDo(CannotSend):
    """The delivery has come where it was to come, or was taken back."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing left to do: look at where it stands now."))


class IsSpam(CannotSend):
    """Nothing goes out of spam."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing is sent from a conversation that is marked as spam. Take that mark away first.")
        )
