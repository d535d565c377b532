"""What is public, by mail to those who asked for it twice: once in a form, once from their own mailbox."""
