"""Runs a command as ``nobody``: PostgreSQL refuses to run as root, which is what a container often is.

Run as a script with the standard library alone: ``unprivileged.py [--read-through] command…``.
``--read-through`` keeps the one capability that lets the command traverse folders closed to
``nobody`` (Linux), so that no permission of the machine has to be changed.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys

_SET_KEEPCAPS, _CAP_AMBIENT, _AMBIENT_RAISE = 8, 47, 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION = 0x20080522


def _keep_reading_through(libc: ctypes.CDLL) -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    bit = 1 << _CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; low then high
    if libc.capset(header, data) or libc.prctl(_CAP_AMBIENT, _AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0):
        raise OSError(ctypes.get_errno(), "could not keep CAP_DAC_OVERRIDE")


def main(arguments: list[str]) -> None:
    """Switch to ``nobody``, then exec the command."""
    read_through = arguments[0] == "--read-through"
    command = arguments[1:] if read_through else arguments
    user = pwd.getpwnam("nobody")
    libc = ctypes.CDLL(None, use_errno=True)
    if read_through:
        libc.prctl(_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if read_through:
        _keep_reading_through(libc)
    os.execv(command[0], command)  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
