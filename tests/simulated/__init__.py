"""A news site that is computed from a seed: any number of articles, none of them kept."""
