"""What every CMS family knows: its list pages, the way to older ones, and its article pages."""
