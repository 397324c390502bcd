"""The one door: authenticates, authorises, relays, and knows each release's stages."""
