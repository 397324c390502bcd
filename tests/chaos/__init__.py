"""What holds of the system whatever is killed. A package, so that its running system ends with its last test."""
