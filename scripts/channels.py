"""Makes the table of what each channel can do from the channels themselves: `python -m scripts.channels > docs/reference/channels.md`."""

from __future__ import annotations

import os
import sys
from dataclasses import fields

HEAD = """# What each channel can do

Made from the channels themselves by `python -m scripts.channels`; a test holds it true. A limit of a channel is an error
before sending, never a silent loss.

"""


def page() -> str:
    """The page: a row for each channel, a column for each capability."""
    from gensvar.contract.channel import channels
    from gensvar.contract.values import Capabilities

    names = [field.name for field in fields(Capabilities)]
    lines = [
        "| channel | " + " | ".join(name.replace("_", " ") for name in names) + " |",
        "| --- |" + " --- |" * len(names),
    ]
    for name, channel in channels().items():
        values = [getattr(channel.capabilities, one) for one in names]
        lines.append(f"| {name} | " + " | ".join(map(_said, values)) + " |")
    return HEAD + "\n".join(lines) + "\n"


def _said(value: object) -> str:
    if value is None:
        return "no limit"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
    import django

    django.setup()
    sys.stdout.write(page())
