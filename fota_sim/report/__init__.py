"""Pictures of a study; the only package that draws.

===============  =========================================================================
``figures``      what a user asks for, one module for each figure of a run
``page``         the report: one HTML file of any result
``explore``      the page that answers while one drags
``palette``      colours that colour-blind readers can tell apart
``time_unit``    the unit of a time axis
===============  =========================================================================
"""
