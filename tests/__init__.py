"""Everything that can fail, tried."""
