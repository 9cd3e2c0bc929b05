"""What every view shares: requests read without spooling, answers with the right headers, error pages.

The environment is stripped before Flask sees it (environment), a body is read as a stream and never
parsed by Werkzeug (request, body), every answer carries the site's headers and never a cookie (headers).
Nothing here knows what a report is; of the other rooms it uses only crypto's form tokens.
"""
