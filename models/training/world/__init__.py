"""The rendered world: a legislator samples blueprints, an executor turns them into pictures and sentences."""
