"""What training shares: the loop with its checkpoints, calibration, comparison with gold."""
