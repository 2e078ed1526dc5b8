"""Stage 1, read: docs/ becomes languages, facts and pages with sections."""
