"""Makes the JSON Schema of playbooks from their parts: `python -m scripts.playbook_schema > docs/reference/playbook.schema.json`."""

from __future__ import annotations

import json
import os
import sys


def page() -> str:
    """The schema, as the documentation has it."""
    from gensvar.core.playbooks import file

    return json.dumps(file.schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
    import django

    django.setup()
    sys.stdout.write(page())
