"""What the statement says in words of the law, to everybody: how far, and why not. Neighbour: models."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Conformity(models.TextChoices):
    """How far the service fulfils the requirements; the three of the model statement (EU) 2018/1523."""

    FULL = "full", _("fully")
    PARTIAL = "partial", _("partly")
    NONE = "none", _("not")


class Reason(models.TextChoices):
    """Why it is so; the three kinds that the law knows."""

    MENDING = "mending", _("does not fulfil the law; being mended")
    BURDEN = "burden", _("disproportionate burden (12 §)")
    EXEMPT = "exempt", _("outside the law (9 and 10 §§)")
