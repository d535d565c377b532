"""To whom a word goes and by when it is answered: assignment, deadlines, working days."""
