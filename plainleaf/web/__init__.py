"""What a website has beside its pages: the handouts desk, a policy, what others are told."""
