"""Many voices, nobody indispensable: who says what, for whom, and what falls silent if they leave."""
