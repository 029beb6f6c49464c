"""Back-up and restore: both databases, the object store, and a log that is announced anew."""
