"""Tests of plainleaf/commands/."""
