"""The desk of dead letters, for every service: what can never succeed is listed, looked at, replayed or purged."""
