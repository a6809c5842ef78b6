"""What people decide about claims: accept, ask for more, refuse after a hearing, set a finding; each can be undone.

Nothing here is ever done by a machine: each function takes the person who decides. Screening only finds.
"""
