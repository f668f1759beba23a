"""Reposts and serial notices of a made-up country, and who finds which of them the same."""
