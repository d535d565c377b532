"""Log-in, log-out, password reset and second factor; nobody signs up by themselves."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
