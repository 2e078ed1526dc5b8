"""A zoo of clinics that stretch the sheets by names, addresses, numbers and logos.

clinics.py holds them, looking.py looks at what was printed for them, whole.py prints it all
(`make zoo`); tests/test_zoo.py meets each trait once.
"""
