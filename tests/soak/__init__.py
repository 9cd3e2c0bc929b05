"""A cluster as deploy/cluster/ describes it, on one machine, whose parts are killed, cut off and filled up.

`python -m tests.soak` makes it, lets sources report meanwhile, and has a desk judge what came (newsroom.py).
All of it lives in namespaces of its own (world.py): it sees no other network, and ends with them.
"""
