"""Django's handle on the room."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """What the municipality learned from what was said to it."""

    name = "gensvar.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"
