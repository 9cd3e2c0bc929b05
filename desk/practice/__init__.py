"""Invented reports for staff to train with, filed into a practice desk as a server would have sent them.

`reports/*.toml` is what trainees read: places, plates, numbers and addresses in it cannot exist. Nothing here
works on a desk whose keys are real.
"""
