"""Pictures of a study; the only package that draws.

===============  =========================================================================
``figures``      what a user asks for: overview, adoption, causes
``palette``      colours that colour-blind readers can tell apart
===============  =========================================================================
"""
