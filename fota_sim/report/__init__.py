"""Figures, the page of a result, the explorer; the only package that draws.

===============  =========================================================================
``figures``      what a user asks for, one module for each figure of a run
``page``         the report: one HTML file of any result
``explore``      the page that answers while one drags
``palette``      colours that colour-blind readers can tell apart
``limits``       what cannot be exceeded, beside what was reached
``time_unit``    the unit of a time axis
===============  =========================================================================
"""
