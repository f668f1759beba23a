"""All that knows Prefect: flows and tasks around the steps, its server, schedules, reports.

Nothing outside this package imports Prefect, and the command line imports this package only
where a command needs it: `import prefect` alone costs two seconds.
"""
