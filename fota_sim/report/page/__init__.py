"""A result as one HTML file that needs nothing else.

===============  =========================================================================
``content``      what a page is made of: sections of figures, tables, facts and folded text
``cells``        cells of tables: what is shown, and what is sorted by
``picture``      a figure as a PNG inside the page, within the page's size
``render``       content to HTML; the only place that knows markup
``parts``        sections that several kinds of results have
``run``          the page of a run
``comparison``   of several variants
``sweep``        of a sweep
``tuning``       of a search
``forecast``     of a forecast of a rollout under way
``sensitivity``  of a study of assumptions
``fit``          of a fit to a log
``kinds``        which of them a result is
``card``         a result in a notebook's cell: what the head of its page says, and its tables folded away
``known``        of a fitted scenario: what was learnt from which log, and what of a spread is not knowing it
===============  =========================================================================

Why it is built so: ``docs/report.md``.
"""
