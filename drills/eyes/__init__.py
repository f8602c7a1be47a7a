"""Eyes that are not ours: scanners, validators and random input, each with one closing line."""
