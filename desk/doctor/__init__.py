"""Is this laptop fit to be a desk, and is the desk itself well? `doctor` looks, says, and changes nothing.

Each line is ``ok``, ``NO`` with what to do, or ``?`` where no program can know: then a person should look. It
needs no privileges and starts no network. What it cannot see it never calls well.
"""
