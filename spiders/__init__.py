"""Everything that knows a website: sites, CMS families, extraction, politeness, archive, replay."""
