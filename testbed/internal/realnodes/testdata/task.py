# Prints where a task with a GPU ran, and the GPU that it saw.
import os
import socket

import ray

ray.init(address="auto", log_to_driver=False)


@ray.remote(num_gpus=1, num_cpus=0)
def where():
    return socket.gethostname(), os.environ.get("CUDA_VISIBLE_DEVICES")


print("ran on %s with GPU %s" % ray.get(where.remote()))
