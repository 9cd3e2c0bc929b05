"""Reports of people who do not exist, with known truth: which pairs of cases share what.

Written from how frightened people in this country write, and without a look at `desk.connections`, which is
measured with it. `cases.corpus` makes it from a seed; `truth` says what a careful reader would say of a pair.
"""
