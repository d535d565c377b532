"""Django's handle on the room."""

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    """Shares of what was said, coverage, and what if they leave."""

    name = "gensvar.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"
