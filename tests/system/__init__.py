"""The whole system on real servers: what holds when parts of it die."""
