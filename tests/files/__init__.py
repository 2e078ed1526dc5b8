"""Tests of plainleaf/files/."""
