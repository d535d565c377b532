"""Whole addresses for what is sent out: the resident's private link and the desk's page of a conversation."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from gensvar.conversations.models import Conversation, Participant


def private_link(participant: Participant, language: str) -> str:
    """The address of a participant's own thread, in a language that the square has."""
    with override(square_language(language)):
        return f"{settings.GENSVAR_URL}{reverse('square:conversation', args=[participant.token])}"


def desk_link(conversation: Conversation) -> str:
    """The address of a conversation in the desk; opens nothing without a log-in."""
    return f"{settings.GENSVAR_URL}{reverse('desk:conversation', args=[conversation.number])}"


def square_language(language: str) -> str:
    """The language itself where the square speaks it; whoever writes in another is answered in English, or in Swedish."""
    spoken = dict(settings.LANGUAGES)
    primary = language.split("-")[0].lower() or settings.LANGUAGE_CODE
    return next(code for code in (primary, "en", settings.LANGUAGE_CODE) if code in spoken)
