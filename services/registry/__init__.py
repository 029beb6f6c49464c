"""The registry folds the log into the state people, reports and Prometheus ask for."""
