"""Who said what, threaded: contacts, conversations, messages, attachments, search."""
