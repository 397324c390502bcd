"""The fault suite: the distributed shape under load, one fault after another, and what was lost."""
