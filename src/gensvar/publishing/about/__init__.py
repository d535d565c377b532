"""What a word by the form is about: a public question, a post, a page that somebody could not use."""
