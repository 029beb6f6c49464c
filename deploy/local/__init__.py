"""The real servers hoso can stand on, installed and started natively on this machine."""
