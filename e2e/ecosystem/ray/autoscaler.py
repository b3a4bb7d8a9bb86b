"""What Ray makes of RayClusters: its own code, asked from outside of a cluster.

A request is a line of JSON on standard input, its answer a line on standard output:

  {"ask": "config", "namespace": N, "cluster": C}   the autoscaling config
  {"ask": "start", "command": "ray start ..."}      the resources and labels of that node
  {"ask": "launch", ..., "autoscaler": "v1" or "v2", "group": G, "count": K}
  {"ask": "terminate", ..., "autoscaler": ..., "pods": [P, ...]}

"launch" and "terminate" are answered with what went wrong. A request that raises is answered with
{"error": the exception}.

Environment: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT_HTTPS and KUBERAY_CRD_VER as Ray reads
them in a pod; API_TOKEN and API_CA, the file of the API server's certificate, instead of the
files that a pod has.
"""

import inspect
import json
import os
import shlex
import sys

import requests
from ray.autoscaler._private.kuberay.autoscaling_config import AutoscalingConfigProducer
from ray.autoscaler._private.kuberay.node_provider import (
    IKubernetesHttpApiClient,
    KubeRayNodeProvider,
    url_from_resource,
)
from ray.autoscaler.tags import TAG_RAY_USER_NODE_TYPE
from ray.autoscaler.v2.instance_manager.cloud_providers.kuberay.cloud_provider import KubeRayProvider
from ray.scripts.scripts import start


class ApiServer(IKubernetesHttpApiClient):
    def __init__(self, namespace):
        self.namespace = namespace

    def get(self, path):
        return self._request("GET", path)

    def patch(self, path, payload, content_type="application/json-patch+json"):
        return self._request("PATCH", path, data=json.dumps(payload), type=content_type)

    def delete(self, path):
        return self._request("DELETE", path)

    def _request(self, method, path, data=None, type=None):
        response = requests.request(
            method,
            url_from_resource(namespace=self.namespace, path=path),
            data=data,
            headers={"Authorization": "Bearer " + os.environ["API_TOKEN"], "Content-Type": type},
            verify=os.environ["API_CA"],
            timeout=60,
        )
        if not response.ok:
            raise RuntimeError(response.text)
        return response.json()


def config(namespace, cluster):
    producer = AutoscalingConfigProducer(cluster, namespace)
    producer.kubernetes_api_client = ApiServer(namespace)
    return producer()


def ray_start(command):
    """Parses a command as Ray's command line does."""
    program, subcommand, *arguments = shlex.split(command)
    assert (program, subcommand) == ("ray", "start"), command
    options = start.make_context("start", arguments).params
    amounts = {
        "CPU": options["num_cpus"],
        "GPU": options["num_gpus"],
        "memory": options["memory"],
        **json.loads(options["resources"]),
    }
    labels = (options["labels"] or "").split(",")
    return {
        "resources": {name: amount for name, amount in amounts.items() if amount is not None},
        "labels": dict(label.split("=", 1) for label in labels if label),
    }


class V1:
    def __init__(self, namespace, cluster):
        self.provider = KubeRayNodeProvider(config(namespace, cluster)["provider"], cluster)
        self.provider.k8s_api_client = ApiServer(namespace)

    def launch(self, group, count):
        return self._update(
            lambda: self.provider.create_node({}, {TAG_RAY_USER_NODE_TYPE: group}, count)
        )

    def terminate(self, pods):
        return self._update(lambda: [self.provider.terminate_node(pod) for pod in pods])

    def _update(self, change):
        self.provider.non_terminated_nodes({})
        if not self.provider.safe_to_scale():
            return ["there are workers to delete that are not deleted"]
        change()
        self.provider.post_process()
        return []


class V2:
    def __init__(self, namespace, cluster):
        gcs = {"gcs_client": None} if "gcs_client" in inspect.signature(KubeRayProvider).parameters else {}
        self.provider = KubeRayProvider(
            cluster, config(namespace, cluster)["provider"], k8s_api_client=ApiServer(namespace), **gcs
        )

    def launch(self, group, count):
        self.provider.launch(shape={group: count}, request_id="launch")
        return self._errors()

    def terminate(self, pods):
        self.provider.terminate(ids=pods, request_id="terminate")
        return self._errors()

    def _errors(self):
        return [str(error) for error in self.provider.poll_errors()]


def answer(ask, **request):
    if ask == "config":
        return config(**request)
    if ask == "start":
        return ray_start(**request)
    autoscaler = {"v1": V1, "v2": V2}[request.pop("autoscaler")]
    return getattr(autoscaler(request.pop("namespace"), request.pop("cluster")), ask)(**request)


# What Ray prints must not be taken for an answer.
answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    try:
        found = answer(**json.loads(line))
    except Exception as e:  # whatever it is, it is the answer
        found = {"error": repr(e)}
    print(json.dumps(found), file=answers, flush=True)
