"""Handover on the screen: begin, choose who takes over what, review it in words, and what is left to do afterwards."""
