"""Pictures of a study; the only package that draws.

===============  =========================================================================
``figures``      what a user asks for: overview, adoption, causes
``tornado``      which assumptions matter
``pareto``       trials of a search and their front
``palette``      colours that colour-blind readers can tell apart
===============  =========================================================================
"""
