"""What happens: pure scalar functions on numbers, the same from plain Python and compiled by numba.

No I/O, no objects, no hidden state. Every engine plays these rules and no others.
"""
