"""What more than one service needs; no service's business rules."""
