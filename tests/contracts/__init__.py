"""What every implementation of a port promises, tried on the fake, the embedded and the real one."""
