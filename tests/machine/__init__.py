"""Tests of plainleaf/machine/."""
