"""What the rows of a table say of devices, whatever the table is stored in.

===============  =========================================================================
``rows``         which column holds what, typed cells, and every bad cell by its place
``cells``        one cell as a value in base units, or what is wrong with it
``written``      how cells are written by those who export them: words for nothing, commas that may mean two things
===============  =========================================================================
"""
