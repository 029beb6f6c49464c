"""What the reader knows of the Vietnamese language."""
