"""The words that keep what is kept: take a backup, bring it back, go to a new version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from gensvar.config.commands.setting_up import plainly, set_up, with_django, with_few_rooms
from gensvar.config.language import gettext as _


@click.command(
    help=_(
        "Write everything into one archive in FOLDER (GENSVAR_HOME/backups), while Gensvar runs.\n\n"
        "The archive holds the database, all files and the secret key: keep it where only few may read."
    )
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@with_few_rooms
def backup(folder: Path | None) -> None:
    """Make one archive, and say where it lies and how large it is."""
    from gensvar.config.archive import ArchiveError
    from gensvar.config.archive.writing import back_up
    from gensvar.config.commands.progress import told

    try:
        with told(_("Backing up")) as progress:
            path = back_up(folder, progress)
    except (ArchiveError, OSError, sqlite3.Error) as error:
        said = plainly(error) or _unusable(error) or error
        raise click.ClickException(_("No backup was made. {error}").format(error=said)) from error
    click.echo(f"{path}  ({path.stat().st_size / 1e6:.1f} MB)")


def _unusable(error: Exception) -> str:
    if not isinstance(error, OSError) or error.filename is None:
        return ""  # as of a file that became shorter while it was read: no other folder helps
    return _("{path} cannot be used: {error}. Let FOLDER be one that this user may write to.").format(
        path=error.filename, error=error.strerror
    )


@click.command(
    help=_(
        "Bring a backup back into an empty GENSVAR_HOME and database. Stop Gensvar first.\n\n"
        "Every digest is checked before anything is changed."
    )
)
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help=_("Set what is here now aside (nothing is deleted), and take the archive's place."),
)
def restore(archive: Path, replace: bool) -> None:
    """Bring it back, and say how much came back."""
    set_up(few_rooms=True)
    from django.db.utils import DatabaseError

    from gensvar.config.archive import ArchiveError
    from gensvar.config.archive.reading import bring_back
    from gensvar.config.commands.progress import told

    try:
        with told(_("Restoring")) as progress:
            restored = bring_back(archive, progress, replace=replace)
    except (ArchiveError, OSError, DatabaseError) as error:
        raise click.ClickException(plainly(error) or str(error)) from error
    for kind, count in restored.counts.items():
        click.echo(f"  {count:>9}  {_(kind)}")
    if restored.set_aside:
        click.echo(_("What was here before lies in {place}.").format(place=restored.set_aside))
    click.echo(
        _("All is back as it was. Next: gensvar upgrade (if this version is newer), then gensvar run.")
    )


@click.command(
    help=_(
        "Bring the data to this version: backup, migrations, style sheets, check. Start Gensvar anew afterwards."
    )
)
@click.option("--no-backup", is_flag=True, help=_("Take no backup first."))
@click.pass_context
@with_django
def upgrade(context: click.Context, no_backup: bool) -> None:
    """Each of these in turn; what is not well is said at the end."""
    from gensvar.config import preparing
    from gensvar.config.commands.looking import check
    from gensvar.config.commands.voices import count_anew
    from gensvar.conversations import reindexing
    from gensvar.voices import rebuilding

    if not no_backup and preparing.has_tables():
        context.invoke(backup, folder=None)
    preparing.prepare(click.echo)
    if reindexing.is_stale():
        context.invoke(reindex)
    if rebuilding.is_missing():
        count_anew()
    context.invoke(check, not_running=True, quiet=True)
    click.echo(_("The data are of this version. If Gensvar is running, start it anew."))


@click.command(
    help=_(
        "Make the indexes of search anew, should it miss what is there. Nothing else is changed.\n\n"
        "Gensvar may run meanwhile. May be stopped and repeated."
    )
)
@with_django
def reindex() -> None:
    """What is public in a transaction a kind, messages step by step: whoever searches meanwhile asks what there is."""
    from gensvar.learning import gate as outcomes
    from gensvar.publishing import entries, indexing
    from gensvar.publishing.positions import telling
    from gensvar.publishing.posts import finding

    click.echo(_("{count} public exchanges can be found.").format(count=indexing.rebuild()))
    click.echo(_("{count} posts can be found.").format(count=finding.rebuild()))
    click.echo(_("{count} positions can be found.").format(count=telling.rebuild()))
    further = outcomes.reindex() + sum(kind.reindex() for kind in entries.searched())
    click.echo(
        _("{count} comments, outcomes, experiments, surveys and appearances can be found.").format(
            count=further
        )
    )
    _reindex_messages()


def _reindex_messages() -> None:
    from gensvar.config.commands.progress import told
    from gensvar.config.commands.stopping import stop_asked
    from gensvar.conversations import reindexing

    with stop_asked() as stop, told(_("Indexing messages")) as progress:
        count = reindexing.rebuild(progress, stopped=lambda: bool(stop))
    if count is None:
        click.echo(
            _("Stopped. Search works with what is done; say gensvar reindex again for the rest."), err=True
        )
        raise SystemExit(128 + stop[0])
    click.echo(_("{count} messages can be found.").format(count=count))
