"""Ways of running hoso: on this machine (local), to show it (demo), in a cluster (k8s)."""
