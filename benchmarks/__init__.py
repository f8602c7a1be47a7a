"""`make bench`: what the portal costs, as ratios to a floor measured in the same rounds."""
