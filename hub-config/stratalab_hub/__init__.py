"""Configuration of the Hub: accounts, roles, workspaces, admission, the services it runs."""
