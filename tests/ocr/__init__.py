"""Tests of the OCR service."""
