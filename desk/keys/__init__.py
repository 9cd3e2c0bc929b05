"""The desk's keys: made, listed, renewed, backed up, and destroyed so that nobody can read the old reports.

Whatever changes a file leaves the old one or the new one, whenever it is stopped; run again, it finishes.
"""
