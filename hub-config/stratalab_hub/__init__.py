"""Configuration of the Hub: accounts, roles, spawning, admission."""
