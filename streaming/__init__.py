"""The streaming engine, and the parts that share its code: training, offline scoring, benches, the simulator."""
