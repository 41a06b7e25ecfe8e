"""The scenario: a YAML file with units in its values, checked whole before anything runs.

``loader.load_scenario`` reads one; ``model.Scenario`` is what it becomes; ``dump`` writes it back resolved.
No numba, pandas or scipy in here: ``validate`` and ``new`` start fast.
"""
