"""The three services of hoso; they never import each other and talk through the log only."""
