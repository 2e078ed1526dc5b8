"""HTML: templates, sections, what is harmless, what is at fault."""
