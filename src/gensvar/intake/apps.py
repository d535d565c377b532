"""Django's handle on the room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Envelopes: what arrived, as received, before anything looks at it."""

    name = "gensvar.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
