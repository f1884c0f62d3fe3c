"""The pages of the site that are made from the code: flags, protocols, scores, exit codes, configurations, the API."""
