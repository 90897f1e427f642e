"""What a report says: an effect in sentences, the frozen tree, its facts, its tables."""
