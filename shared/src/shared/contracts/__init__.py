"""All that crosses a boundary between services: events, and immutable values fetched by digest."""
