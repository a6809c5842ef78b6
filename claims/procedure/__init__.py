"""The court procedure of an action: its events, what they mean for dates, and how they are entered."""
