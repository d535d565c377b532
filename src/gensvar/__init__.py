"""Gensvar: a municipality's open conversation. The rooms below are read in the order that words flow."""

__version__ = "0.1.0"
