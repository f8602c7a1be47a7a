"""Pages about people: one's own account, the second factor, and the office's care of accounts."""
