"""How Dask is set up where the cluster is ours; docs/decisions/0040 has the numbers behind it."""

DASK_SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # a run whose worker died is not run again
    "distributed.scheduler.work-stealing": False,
    "distributed.admin.low-level-log-length": 100,  # events that the scheduler remembers
    "distributed.admin.tick.interval": "1 s",  # between checks of each event loop, usually 20 ms
    "distributed.worker.profile.enabled": False,  # Dask would sample the training thread 100 times a second
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.target": False,  # Dask would pause and kill workers by its own measure
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,  # set, it more than halves torch's speed
}

# Dask looks these up while it works, not when a cluster is made. It would give up a worker whose new process needs
# longer than 15 s to arrive, as on a busy machine, and never start another in its place.
LASTING_SETTINGS = {"distributed.deploy.lost-worker-timeout": "1 day"}
