"""Django's handle on the room."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Drafts and the one outbox of every outgoing word."""

    name = "gensvar.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"
