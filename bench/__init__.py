"""What the site and the desk cost, each figure beside a named reference measured in the same run.

`make bench`, or `python -m bench [--json FILE] [GROUP ...]`. Machines differ and are never quiet: an absolute
time says little, so a figure stands beside what the same machine needs for the plain thing. The budgets are
in budgets.py, and in the README, which a test keeps equal. All of it runs on loopback, in a folder of its own
under the data folder, and ends what it started. No row is ever computed from another run.
"""
