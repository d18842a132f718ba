"""Words and the loop: language model, proposals, grounding, execution loop, command line."""
