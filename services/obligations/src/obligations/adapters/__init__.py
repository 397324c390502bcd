"""What the obligations service reads and writes."""
