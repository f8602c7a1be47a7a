"""Every write of this app; each module holds those of one noun."""
