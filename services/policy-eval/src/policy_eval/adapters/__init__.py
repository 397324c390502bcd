"""What policy-eval needs from outside, behind the ports of its use cases."""
