"""The demonstration: an invented year for every village of Paser, and the demo accounts.

What is invented stands in villages.toml and offices.toml; what public pages report comes from
data/paser/paser_activities_reported.csv. `plans` decides, `enact` records through the services.
"""
