"""Publish a folder of text: check every file, render it, and put it in place as one read-only site.db.

No Flask here, and no other room: `publish.publish` turns content into the file, `reading.SiteDb` reads it.
Either every file is right and the new site is there as a whole, or `errors.Broken` lists all that is wrong
and the old site stays. Text of the newsroom's files reaches HTML only through `markdown`, which escapes it.
"""
