"""Learning: the knowledge that examples are made from, the examples, and what is trained on them."""
