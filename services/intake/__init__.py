"""Intake takes scans and decisions about dossiers, keeps them safe and announces them."""
