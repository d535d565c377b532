"""How we lead: those whom a leader leads answer without a name, and everybody reads what they said (docs/why/anonymity.md)."""
