"""From passages to statements whose citations were checked."""
