"""What is known of the compatibility of licences."""
