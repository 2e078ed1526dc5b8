"""Tests of plainleaf/read/."""
