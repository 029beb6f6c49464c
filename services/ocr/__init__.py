"""OCR workers turn papers into searchable documents beside their originals."""
