"""Executors by their name on the command line."""

from dearth.case.problems import mistake
from dearth.ensemble.executor import Executor, InProcess, available_cores
from dearth.ensemble.processes import LocalProcesses

OPTION = "--cluster"
ALLOWED = (
    "give tcp://HOST:PORT (the address of a Dask scheduler), local:N (Dask on this machine with N workers), "
    "processes:N (N processes of this machine without Dask) or in-process"
)


def open_executor(address: str | None = None, most: int | None = None) -> Executor:
    """Return the executor of an address, a context manager.

    Parameters
    ----------
    address
        ``tcp://HOST:PORT``, ``local:N``, ``processes:N`` or ``in-process``; None means processes, one for
        each core that this process may use.
    most
        How many workers could be of use at most, say the number of shards; of one or none the work is done
        in this process. Used where no address is given.

    Raises
    ------
    CaseError
        For an address that is none, for one where nothing answers, and where Dask is not installed.
    """
    if address is None:
        workers = min(available_cores(), most if most is not None else available_cores())
        return InProcess() if workers <= 1 else LocalProcesses(workers)
    name, _, rest = address.partition(":")
    if address == "in-process":
        return InProcess()
    if name == "processes":
        return LocalProcesses(_count(address, rest))
    if name == "local":
        return _dask(local=_count(address, rest))
    if name in ("tcp", "tls") and rest.startswith("//") and rest.rpartition(":")[2].isdecimal():
        return _dask(address)
    raise mistake(OPTION, f"'{address}' is no address; {ALLOWED}")


def _dask(address: str = "", local: int = 0) -> Executor:
    try:
        from dearth.ensemble.cluster import DaskCluster
    except ImportError as error:
        raise mistake(
            OPTION, f"Dask is not installed ({error.name} is missing); install it with: pip install "
            "'dearth[cluster]', or use processes of this machine without it: --cluster processes:N",
        ) from None  # fmt: skip
    return DaskCluster(address, local)


def _count(address: str, number: str) -> int:
    if not (number.isascii() and number.isdecimal() and int(number) >= 1):
        raise mistake(OPTION, f"'{address}': '{number}' is no number of workers; write for example local:4")
    return int(number)
