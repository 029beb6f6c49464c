"""What services share and is no port: the failure policy, logs, health and the second port."""
