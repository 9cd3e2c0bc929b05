"""One PostgreSQL for any number of web machines: rows, and the bytes of sealed files as rows of pieces.

Imported only where a database's URL is given: its library is not to be in the memory of a site on SQLite.
"""

from store.postgres import waiting

waiting.prepare()
