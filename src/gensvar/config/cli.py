"""The `gensvar` command."""

from __future__ import annotations

import os

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Gensvar: a municipality's open conversation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
