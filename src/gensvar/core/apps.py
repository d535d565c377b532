"""Django's handle on the room."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Also loads the flow (which fact starts which stage) once all rooms are there."""

    name = "gensvar.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Playbooks have a folder of their own."""
        super().import_models()
        import_module("gensvar.core.playbooks.models")

    def ready(self) -> None:
        """Let every connection compile nothing, and be watched for what changes public pages."""
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate, pre_migrate

        from gensvar.core import absence, freshness, statements

        connection_created.connect(absence.answered, dispatch_uid="gensvar.core.absence")
        connection_created.connect(statements.compile_nothing, dispatch_uid="gensvar.core.statements")
        connection_created.connect(freshness.watch, dispatch_uid="gensvar.core.freshness")
        pre_migrate.connect(freshness.begin_migrating, sender=self)
        post_migrate.connect(freshness.end_migrating, sender=self)
