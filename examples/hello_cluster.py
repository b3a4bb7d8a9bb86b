"""Prints what the cluster has, and where its tasks run."""

import collections
import socket

import ray

ray.init()

print("The cluster has:")
for resource, amount in sorted(ray.cluster_resources().items()):
    if not resource.startswith("node:"):
        print(f"  {resource:24} {amount:g}")


@ray.remote
def where():
    return socket.gethostname()


hosts = collections.Counter(ray.get([where.remote() for _ in range(20)]))
print("20 tasks ran on:")
for host, tasks in sorted(hosts.items()):
    print(f"  {host}: {tasks}")
