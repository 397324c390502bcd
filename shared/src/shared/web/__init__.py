"""What every HTTP service has: health, problems, the caller's identity, request ids, pages."""
