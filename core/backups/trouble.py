"""What a backup or a restore refuses with."""


class Trouble(Exception):
    """One line for whoever runs the command: what is wrong, and nothing secret."""
