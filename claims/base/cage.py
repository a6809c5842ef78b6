"""The inside of a cage: a process that does one piece of work on bytes from outside, and can do nothing else.

`claims.base.sandbox` starts it. It loads what the work needs, and then, before it looks at the bytes, gives up what it
had. What holds is the kernel, so it holds for native code too:

- it can open nothing any more, no file and no socket (no descriptor is left to it);
- it can write no file (what it made goes into memory that the parent holds, up to a limit);
- memory and processor time are limited, and it dies with its parent;
- it begins no processes and, unless its library cannot do without, no threads;
- where it was started as root it is nobody from then on; it has no secrets, for its environment is empty;
- where the kernel lets us, its network is one of its own with nothing in it.

What it still could do as the account it runs under, such as removing files by name, is why root gives itself up.
"""

import ctypes
import gc
import importlib
import os
import resource
import signal
import sys
from collections.abc import Callable

MEMORY, BUG = 4, 5  # exit statuses
NOBODY = 65534
CLONE_NEWUSER, CLONE_NEWNET, PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 1, 38


def limit_self(megabytes: int, seconds: int, most_bytes: int) -> None:
    """Take the limits on that loading may have too, and leave the network."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):  # without rights only together with users of its own
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # too much is an error of the write, not the end


def give_up_rights(parent: int, may_thread: bool) -> None:
    """Become nobody, open nothing any more, end with the parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after the change of account, which takes it back
    if os.getppid() != parent:
        os._exit(BUG)
    if not may_thread:  # nor begin other processes
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # 0, 1 and 2 are open; no other number is allowed


def main(arguments: list[str]) -> int:
    """Load the program, give up all rights, work from standard input to standard output."""
    parent, megabytes, seconds, most_bytes, may_thread = map(int, arguments[:5])
    program, argument = arguments[5:]
    limit_self(megabytes, seconds, most_bytes)
    module, _, name = program.partition(":")
    prepare: Callable[[str], Callable[[bytes], bytes]] = getattr(importlib.import_module(module), name)
    try:
        work = prepare(argument)
        gc.disable()
        give_up_rights(parent, bool(may_thread))
        sys.stdout.buffer.write(work(sys.stdin.buffer.read()))
        sys.stdout.buffer.flush()
    except MemoryError:
        return MEMORY
    except Exception:  # nobody reads what it says: it could quote the bytes
        return BUG
    return 0


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    status = main(sys.argv[2:])
    os._exit(status)  # no clearing up: what was written has been written, and the rest is memory
