"""The language-model engine: weights, tokenizer, transformer, trie scoring, decoding.

``planner.lm.api`` holds what the rest of the planner sees and never imports torch;
``planner.lm.engine.load_language_model`` gives a model that runs on this machine.
"""
