"""SQLite and a folder of sealed files: what one machine needs, and nothing to install beside it."""
