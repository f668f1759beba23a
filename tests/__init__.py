"""The tests, mirroring the floors, and the benchmark."""
