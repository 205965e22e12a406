"""
One life of a server behind a relay, as a check starts it:

    relay_life.py LOG UPSTREAM PROGRAM... -- RELAY...

Starts the program on port UPSTREAM, waits until it listens there, and puts the
relay before it, whose log goes to the end of LOG. Ends with the program.
"""
import ctypes
import os
import signal
import subprocess
import sys
import time

log, upstream, *rest = sys.argv[1:]
end = rest.index("--")

program, relay = rest[:end], rest[end + 1:]
server = subprocess.Popen([*program, upstream])
port = "%04X" % int(upstream)

def listens():
    """Looks it up: a connection would be the first client."""
    for table in ("udp", "tcp", "udp6", "tcp6"):
        for line in open("/proc/net/" + table).readlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if local.endswith(":" + port) and state in ("07", "0A"):
                return True
    return False

while server.poll() is None and not listens():
    time.sleep(0.02)


def outlive():
    """What kills this group kills the server; the relay is told to end."""
    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


# A relay that is told to end has a moment more, as if nobody had killed the server.
LINGER = """
trap : TERM
"$@" & wait $!
status=$?
test $status -gt 128 || exit $status
sleep 0.8
kill $!
wait $!
"""


def start():
    between = subprocess.Popen(
        ["sh", "-c", LINGER, "sh", *relay], stdout=subprocess.DEVNULL, stderr=open(log, "a"), preexec_fn=outlive)
    time.sleep(0.3)
    return between


between = start()
while between.poll() == 1:  # the relay of the last life is about to end
    between = start()


def stop(*_):
    between.terminate()
    server.terminate()


signal.signal(signal.SIGTERM, stop)
status = server.wait()
time.sleep(0.7)
between.terminate()
between.wait()
sys.exit(status if status >= 0 else 0)
