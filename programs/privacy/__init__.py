"""What the law asks of whoever keeps data of persons: how long, for what, whom to tell."""
