"""Addresses of the voices in the desk."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.voices import history, leaving, shares

urlpatterns = [
    path("roster/", shares.voices, name="voices"),
    path("roster/om-de-slutar/", leaving.leaving, name="leaving"),
    path("roster/vem-far-tala/", history.could_speak, name="could_speak"),
    path("roster/vem-far-tala/<int:pk>/ratta/", history.correct_tenure, name="correct_tenure"),
]
