"""Copies that are safe to look at. `making` starts the others in a cage; those know no Django and no rows."""
