"""Django's handle on the room."""

from importlib import import_module

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """What the municipality learned from what was said to it."""

    name = "gensvar.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Experiments and surveys have folders of their own."""
        super().import_models()
        import_module("gensvar.learning.workshop.models")
        import_module("gensvar.learning.surveys.models")
