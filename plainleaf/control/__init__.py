"""Document control: which words were issued as which version, who approved them, what holds now."""
