"""The addresses of appearances."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.appearances import screens

urlpatterns = [
    path("framtradanden/", screens.appearances, name="appearances"),
    path("framtradanden/<int:pk>/", screens.appearance, name="appearance"),
]
