"""The site as people use it: real browsers, real gunicorn, a real Tor network, all on this machine."""
