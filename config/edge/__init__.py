"""What every answer passes: addresses, headers, middleware, errors, health, logs. It may read facilities.facts."""
