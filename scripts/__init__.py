"""What `make` runs beside the tests: checks, measurements, pictures. Nothing here is installed with Gensvar."""
