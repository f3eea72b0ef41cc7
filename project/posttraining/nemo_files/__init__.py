"""Public configuration files of NeMo RL, as typed classes: every key, its value, and what follows."""
