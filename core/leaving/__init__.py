"""The exit guarantee: all data that is no secret, in files that anybody can read."""
