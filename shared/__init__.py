"""What at least two services need and nothing else: contracts, ports and their adapters."""
