"""Referrals made ready: what may go out of a case, and the file that is handed to an agency."""
