"""What OCR does to PDF files; the one door to pikepdf."""
