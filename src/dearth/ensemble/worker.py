"""The main program of a worker process: shards in at standard input, arrays out at standard output.

A message is its length in eight bytes and a pickle. The first one is the search path of the caller's modules;
then come tasks (pickled, as bytes) and shards of the latest task. Only the process that started a worker can
write to it.
"""

import os
import pickle
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import IO, NamedTuple

from dearth.ensemble.shards import Arrays, Shard

PREFIX = 8
SINGLE = {"PJRT_NPROC": "1"}  # XLA's threads in a process; the compiled program is the same


class Answer(NamedTuple):
    """What a worker made of a shard: arrays, or the error that the task raised."""

    arrays: Arrays | None
    error: BaseException | None


def send(pipe: IO[bytes], what: object) -> None:
    """Write one message."""
    content = pickle.dumps(what, protocol=5)
    pipe.write(len(content).to_bytes(PREFIX, "big"))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Return the content of one message; None where the other side ended before it was whole."""
    prefix = pipe.read(PREFIX)
    if len(prefix) < PREFIX:
        return None
    length = int.from_bytes(prefix, "big")
    content = pipe.read(length)
    return content if len(content) == length else None


def portable(error: Exception) -> BaseException:
    """Return the error if it survives the way to another process, else one that says the same."""
    try:
        same = pickle.loads(pickle.dumps(error))
    except Exception:  # whatever the class of the error does
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error if str(same) == str(error) else RuntimeError(f"{type(error).__name__}: {error}")


def main() -> None:
    """Answer messages until the caller ends or closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's, which ends its workers
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    sys.path[:] = pickle.loads(asked.get())

    from dearth.numerics.compilation_cache import keep_compiled

    keep_compiled()
    task = None
    while True:
        content = pickle.loads(asked.get())
        if not isinstance(content, Shard):
            task = content
            continue
        try:
            # unpickled here: a module that cannot be imported is then an answer, not a death
            task = pickle.loads(task) if isinstance(task, bytes) else task
            answer = Answer(task(content), None)  # type: ignore[misc]
        except Exception as error:  # the caller decides what to do about it
            answer = Answer(None, portable(error))
        send(out, tuple(answer))


def _listen(asked: "SimpleQueue[bytes]") -> None:
    """Hand on messages; at the end of the caller end at once, in the middle of a shard too."""
    while (content := receive(sys.stdin.buffer)) is not None:
        asked.put(content)
    os._exit(0)


if __name__ == "__main__":
    main()
