"""The files that articles offer: asked for, known by their bytes, read in a process apart."""
