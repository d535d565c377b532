"""Who the municipality is and where one can come in person: rows that it edits itself, for the contact page and the notices."""
