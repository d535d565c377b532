"""Django's handle on the room."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Who said what, threaded: contacts, conversations, messages, attachments, search."""

    name = "gensvar.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"
