"""What a robot can do: symbols, predicates, skills, and the contract with a robot driver.

This room needs numpy and nothing else of Groundplan: the same skill runs on the kinematic fake,
in PyBullet and on a real arm. It knows nothing of tasks, language or any simulator.
"""
