"""The public addresses."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "square"
urlpatterns: list[URLPattern] = []
