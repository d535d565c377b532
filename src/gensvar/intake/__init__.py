"""Envelopes: what arrived, as received, before anything looks at it."""
