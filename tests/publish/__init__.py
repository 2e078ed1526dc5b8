"""Tests of plainleaf/publish/."""
