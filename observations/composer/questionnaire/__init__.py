"""What is asked: its shapes, the small language of its sentences, what stands of the answers."""
