"""A made-up municipality that lives: its words travel the real way, from bytes to answers, on a clock set back some weeks."""

from gensvar.config.demo.load import NotEmpty, load, log_ins

__all__ = ["NotEmpty", "load", "log_ins"]
