"""What we said elsewhere: interviews, talks, visits and meetings, in public, since a podium in the newspapers is a podium."""
