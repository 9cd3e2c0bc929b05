"""What a seized server tells about which rows share a source: nothing that a classifier can find.

`newsroom` lives some days of a server through the store's real API; `seized` reads its disk as somebody who
took it away would; `classifier` learns from half the sources to pair rows, and is judged on the other half.
"""
