"""The language-model engine: weights, tokenizer, transformer, trie scoring, decoding.

``planner.lm.api`` holds what the rest of the planner sees and never imports torch;
``planner.lm.engine.load_language_model`` gives a model that runs on this machine;
``planner.lm.remote.RemoteLM`` one behind an OpenAI-compatible address.

The way of a question: ``local`` finds the ``sequence`` in ``kept`` that shares the longest beginning with the prompt;
``trie`` merges the options' tokens and orders them; ``scoring`` runs them through ``model`` in a few padded
passes with a tree mask behind the cached prefix (``kv``), and asks the vocabulary head only where a probability
is wanted. ``topk`` stops early when the best k are certain. ``generate`` writes text (speculatively, in passes whose
shape ``steady`` finds; told in ``pieces``, with a ``record`` of every token), ``constrained`` writes actions under a
grammar, ``beam`` searches over whole actions with any model.

The way over a server: ``address`` reads a model's name that is an address, ``remote`` asks through ``http`` (with
``plain`` text), ``serve`` takes requests, ``answers`` them in one piece or as a ``stream``, and ``echo`` scores the
whole texts that clients send.

The way of the weights: ``weights`` finds or fetches, ``gguf_file`` and ``checkpoint`` read and check, ``store``
keeps the expanded form to be mapped, ``packing`` and ``half`` give matrices the processor's own layout, ``config`` says
what the model is, ``tokenizer`` is rebuilt from the file.
"""
