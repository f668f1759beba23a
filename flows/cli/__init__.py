"""The command line `district-news`."""
