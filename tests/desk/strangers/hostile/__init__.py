"""What a file could make of the box, had it taken it over: run in the same box, by tests only."""
