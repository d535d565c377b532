"""The words that keep what is kept: take a backup, bring it back, go to a new version."""

from __future__ import annotations

from pathlib import Path

import click

from gensvar.config.commands.setting_up import set_up, with_django


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@with_django
def backup(folder: Path | None) -> None:
    """Write everything into one archive in FOLDER (GENSVAR_HOME/backups), while Gensvar runs.

    The archive holds the database, all files and the secret key: keep it where only few may read.
    """
    from gensvar.config.archive import ArchiveError
    from gensvar.config.archive.writing import back_up
    from gensvar.config.commands.progress import told

    try:
        with told("Backing up") as progress:
            path = back_up(folder, progress)
    except (ArchiveError, OSError) as error:
        raise click.ClickException(f"No backup was made. {error}") from error
    click.echo(f"{path}  ({path.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Set what is here now aside (nothing is deleted), and take the archive's place.",
)
def restore(archive: Path, replace: bool) -> None:
    """Bring a backup back into an empty GENSVAR_HOME and database. Stop Gensvar first.

    Every digest is checked before anything is changed.
    """
    set_up()
    from gensvar.config.archive import ArchiveError
    from gensvar.config.archive.reading import bring_back
    from gensvar.config.commands.progress import told

    try:
        with told("Restoring") as progress:
            restored = bring_back(archive, progress, replace=replace)
    except (ArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for kind, count in restored.counts.items():
        click.echo(f"  {count:>9}  {kind}")
    if restored.set_aside:
        click.echo(f"What was here before lies in {restored.set_aside}.")
    click.echo("All is back as it was. Next: gensvar upgrade (if this version is newer), then gensvar run.")


@click.command()
@click.option("--no-backup", is_flag=True, help="Take no backup first.")
@click.pass_context
@with_django
def upgrade(context: click.Context, no_backup: bool) -> None:
    """Bring the data to this version: backup, migrations, style sheets, check. Start Gensvar anew afterwards."""
    from gensvar.config import preparing
    from gensvar.config.commands.looking import check

    if not no_backup and preparing.has_tables():
        context.invoke(backup, folder=None)
    preparing.prepare(click.echo)
    context.invoke(check, not_running=True, quiet=True)
    click.echo("The data are of this version. If Gensvar is running, start it anew.")
