"""The ledger harness: everything that can be killed is killed while records flow in, and then both
sides are counted (docs/drills.md). `python -m drills r01 r03 k1` runs these; docs/decisions/0021.

`portal` and `postgres` are the portal as in service, `phones` what sends to it, `proxy` the bad
network between them, `strikes` what is done to them, `ledger` the count. One module for each
group of drills stands in `runs/`.
"""
