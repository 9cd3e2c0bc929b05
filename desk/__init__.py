"""The desk: opens, on a machine that is never online, what the web server sealed and cannot read.

`python -m desk --home DIR COMMAND`. The home holds the desk's keys (under a passphrase), the signed list of
the team's public keys, and the casebook: a folder of envelopes and attachments as they came, still sealed.
Nothing readable is written to the disk unless staff asks for a file (`files`).
It imports crypto and payload, no web framework, and never opens a connection.
"""
