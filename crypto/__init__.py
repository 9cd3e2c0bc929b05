"""Seal reports to the team's public keys, and open them at the desk.

Bytes in, bytes out: nothing here knows of Flask, databases or files by name.
The web server imports seal, attachment, teamkeys and tokens, and for a source who comes back mailbox and
open_attachment; open, reply, keyfile, passphrase and identity are the desk's alone, which is why this package
imports none of its modules by itself.
The format is specified in FORMAT.md; a change to one is a change to both.
"""
