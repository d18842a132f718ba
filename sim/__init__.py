"""Physics: the PyBullet world, robots, motion planning on a thinking client, cameras, faults, the simulated driver."""
