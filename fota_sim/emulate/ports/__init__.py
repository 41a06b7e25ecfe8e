"""What clients open: terminals and sockets, at the rate of a serial line.

=============  =========================================================================
``channel``    bytes to and from one client, paced, in bounded memory
``places``     links and sockets in the file system, made and taken away
``terminal``   pseudo-terminals under names of the user's
``sockets``    TCP and Unix sockets, for one client at a time
``rfc2217``    TCP with modem lines
=============  =========================================================================
"""
