"""What people do beside a build: issue, verify, rebuild, compare, preview, make packs."""
