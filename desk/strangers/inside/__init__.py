"""What runs in the box, beside a stranger's file: it imports nothing of the desk, which doubts it."""
