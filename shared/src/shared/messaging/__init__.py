"""Events from one service to the others: at least once on the wire, exactly once in effect."""
