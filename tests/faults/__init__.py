"""What real processes go through: kill -9 at named places and at random, and what must be true afterwards."""
