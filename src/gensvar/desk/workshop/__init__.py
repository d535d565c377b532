"""The workshop in the desk: experiments are written, shown, told of, handed on and decided here."""
