"""What every test may ask for: the real servers (tests.servers), the real scans and CI's rule (tests.ci)."""

pytest_plugins = ["tests.ci", "tests.servers"]
