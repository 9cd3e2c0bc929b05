"""The forms: fields and what must be true of them. Limits come from payload."""
