"""The words of the first day: set up a municipality of one's own, or look at a demo."""

from __future__ import annotations

import os

import click

from gensvar.config.commands.setting_up import set_up, spoken
from gensvar.config.language import gettext as _


@click.command(help=_("Set up a municipality of your own. Asks for what no option says."))
@click.option("--name", help=_("The municipality's name, as residents say it."))
@click.option("--url", help=_("The web address that residents use, such as https://samtal.example.se."))
@click.option("--mail", help=_("The first mail address that takes words, such as kontakt@example.se."))
@click.option("--admin", help=_("The first administrator's mail address, to log in with."))
@click.option("--admin-name", help=_("The first administrator's name."))
@click.option(
    "--language", type=click.Choice(["sv", "en"]), help=_("The administrator's language in the desk.")
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False),
    help=_(
        "A file with the administrator's password. Also: GENSVAR_ADMIN_PASSWORD or GENSVAR_ADMIN_PASSWORD_FILE."
    ),
)
@click.option(
    "--no-password",
    is_flag=True,
    help=_("Set no password: print a link at which the administrator chooses one."),
)
def init(
    name: str | None,
    url: str | None,
    mail: str | None,
    admin: str | None,
    admin_name: str | None,
    language: str | None,
    password_file: str | None,
    no_password: bool,
) -> None:
    """Ask, make the database ready and its first rows, and keep the settings."""
    name = name or click.prompt(_("The municipality's name"))
    url = url or click.prompt(_("The web address that residents use"), default="http://127.0.0.1:8000")
    mail = mail or click.prompt(_("The first mail address that takes words"))
    admin_name = admin_name or click.prompt(_("Your name (the first administrator)"))
    admin = admin or click.prompt(_("Your mail address, to log in with"))
    language = language or click.prompt(_("Your language"), type=click.Choice(["sv", "en"]), default="sv")
    password = None if no_password else _password(password_file)

    from gensvar.config import first_day

    try:
        said = first_day.settings_of(name=name, url=url)
        os.environ |= said
        set_up()
        link = _begin(name, mail, admin, admin_name, language, password)
    except (first_day.AlreadyBegun, first_day.BadAddress) as error:
        raise click.ClickException(str(error)) from error
    first_day.keep_settings(said)
    click.echo("\n" + _("{name} is set up. Start it with: gensvar run").format(name=name))
    if link:
        click.echo(_("Choose your password at {link}").format(link=link))
    click.echo(
        _("Let your mail server hand mail for that address to the SMTP or LMTP port; see docs/how-to.")
    )


def _begin(name: str, mail: str, admin: str, admin_name: str, language: str, password: str | None) -> str:
    """Make the database ready and its first rows; returns the link at which to choose a password, or ""."""
    from django.core.exceptions import ValidationError

    from gensvar.config import first_day, preparing

    preparing.prepare(click.echo)
    try:
        return first_day.set_up(
            name=name, mail=mail, admin=admin, admin_name=admin_name, language=language, password=password
        )
    except (ValidationError, ValueError) as error:
        with spoken():
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise click.ClickException(_("{said} Nothing was set up.").format(said=said)) from error


def _password(file: str | None) -> str | None:
    """The password as an option, the environment or a person says it; None where it shall be chosen at a link."""
    from gensvar.config import environment

    if file:
        with open(file, encoding="utf-8") as opened:
            return opened.read().rstrip("\n")
    if given := environment.text("GENSVAR_ADMIN_PASSWORD"):
        return given
    answer: str = click.prompt(
        _("A password of at least 12 characters"), hide_input=True, confirmation_prompt=True
    )
    return answer


@click.command(
    help=_("Move the demo municipality into an empty database. (“run --demo” does so, and runs it.)")
)
def demo() -> None:
    """Load the demo, and name its log-ins."""
    os.environ["GENSVAR_DEMO"] = "1"
    set_up()
    from gensvar.config import demo as town
    from gensvar.config import preparing
    from gensvar.config.commands.progress import told

    preparing.migrate(click.echo)
    with told(_("Moving a demo municipality in")) as progress:
        loaded = preparing.load_demo(progress)
    if not loaded:
        raise click.ClickException(
            _("There are data in this database already; the demo goes only into an empty one.")
        )
    for who, address, password in town.log_ins():
        click.echo(f"  {address}   {password}   ({who})")
