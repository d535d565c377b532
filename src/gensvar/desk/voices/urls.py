"""Addresses of the voices in the desk."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.voices import leaving, shares

urlpatterns = [
    path("roster/", shares.voices, name="voices"),
    path("roster/om-de-slutar/", leaving.leaving, name="leaving"),
]
