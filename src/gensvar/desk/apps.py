"""Django's handle on the room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The staff's screens, inside the Wagtail admin shell."""

    name = "gensvar.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach Wagtail's choosers our policy."""
        from gensvar.desk import choosers

        choosers.install()
