"""From Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``.

What may take long has ``progress``: whether to show how far it is. By default it is shown in a notebook or a terminal,
if it takes longer than two seconds.

=================  =========================================================================
``scenarios``      ``Scenario``: read, edited, checked, saved; ``load`` and ``template``
``part``           a part of one, as a mapping or a list
``edited``         what is written in it, what holds, and what is refused
``sources``        what may be given for a scenario
``counts``         numbers of things, such as workers, of which there must be one at least
``texts``          texts where several may be given, and names of metrics
``playing``        a draft, played
``runs``           ``run``
``results``        ``Result``, and those that are stored
``fleets``         a DataFrame as a fleet
``frames``         tables with categories, durations and clock times
``comparisons``    ``compare``
``sweeps``         ``sweep``
``searches``       ``tune``
``sensitivities``  ``sensitivity``
``log_options``    how a log is to be read, for the calls that read one
``fits``           ``fit``
``canaries``       ``canary``
``forecasts``      ``forecast`` and what it gives
``explorer``       ``explore``
=================  =========================================================================
"""
