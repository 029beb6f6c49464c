"""Tests of deploy.local: the real servers this machine runs for us."""
