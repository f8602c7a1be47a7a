"""The drills themselves, in groups; each takes the ground and gives back its line."""
