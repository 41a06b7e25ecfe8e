"""Pictures of a study; the only package that draws.

===============  =========================================================================
``figures``      what a user asks for, one module for each figure of a run
``page``         the report: one HTML file of any result
``explore``      the page that answers while one drags
``heatmap``      a sweep over its axes
``tornado``      which assumptions matter
``pareto``       trials of a search and their front
``palette``      colours that colour-blind readers can tell apart
``style``        how every figure looks
``time_unit``    the unit of a time axis
===============  =========================================================================
"""
