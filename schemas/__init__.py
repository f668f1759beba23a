"""The shapes: site, page, article, outcome, rejection, report. Imports nothing of the project."""
