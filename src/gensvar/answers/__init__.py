"""Drafts and the one outbox of every outgoing word."""
