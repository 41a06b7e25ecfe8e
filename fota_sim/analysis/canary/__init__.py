"""How many devices show a defect, and for how long to watch them.

===============  =========================================================================
``sizes``        exact sizes of a canary group
``delay``        when a defect shows
``abort_rule``   what an abort rule costs: whether and when it fires
``sprt``         the sequential probability ratio test
``scenario``     what a scenario says about its defects
``played``       a scenario's own abort rules, played with and without
``answer``       the whole answer, ready for JSON
===============  =========================================================================
"""
