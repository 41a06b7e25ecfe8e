"""Where rows of devices stand, before anybody says what they mean.

===============  =========================================================================
``table``        what is asked of any of them: column names, rows, how many
``csv_file``     a CSV file
===============  =========================================================================
"""
