"""From proposals to a decision: affordances, symbolic walk, repair by search, act or ask or refuse."""
