"""What was issued: versions, approvals, codes, and how a sheet stands with them."""
