"""What it takes: measured beside other programs, on a slow phone, and step by step."""
