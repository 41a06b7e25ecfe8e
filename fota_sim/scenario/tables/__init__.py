"""Where rows of devices stand, before anybody says what they mean.

===============  =========================================================================
``table``        what is asked of any of them: column names, rows, how many
``digest``       what tells the content of its file from any other
``csv_file``     a CSV file
``excel_file``   a sheet of an Excel workbook
``excel_cells``  one cell of it as the text that is shown
``excel_parts``  what its XML says beside: merged cells, formulas without results
===============  =========================================================================
"""
