"""A driver of the Ray cluster that does nothing until it is ended: somebody works in the workspace."""

import signal

import ray

ray.init(logging_level="ERROR", log_to_driver=False)
signal.pause()
