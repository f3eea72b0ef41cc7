"""Reinforcement-learning post-training: a configuration of the size that teams really have.

One section, one file, as in the NeMo RL configuration reference; `nemo_rl.py` is that reference's
own face (`train(...)`, `GRPOTrainer(...)`). What runs is small and real: a table of softmaxes
learns to add.
"""
