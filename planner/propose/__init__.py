"""From an instruction and the present state to proposals: goal literals and steps, said by a language model."""
