"""The processes that train one run together: who they are, how they meet, and what they agree on."""
