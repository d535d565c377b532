"""Tests of bringing an old blog home."""
