"""The ledger harness: R01 itself, and that its count turns red where it must."""
