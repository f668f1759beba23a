"""How well and how fast pages are read: this project's reader beside its peers."""
