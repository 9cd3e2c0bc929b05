"""What goes back: replies to sources, and the bundles that carry them to the server.

A reply is sealed as soon as it is written; nothing readable of it stays on the desk's disk.
"""
