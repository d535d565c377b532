"""The processes of one Gensvar: web, mail and worker, and the supervisor that keeps them alive."""
