"""Files as they lie on the disk: text, YAML, fonts, pictures."""
