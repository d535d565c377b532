"""Shares, numbers and waits as the reader's language writes them."""

from __future__ import annotations

from django import template

from gensvar.desk.voices import sentences
from gensvar.voices import plots

register = template.Library()
register.filter("percent", plots.percent)
register.filter("decimal", plots.decimal)
register.filter("waited", sentences.waited)
