package api

// RayClusters is the path of a namespace's RayClusters.
func RayClusters(namespace string) string {
	return "/apis/ray.io/v1/namespaces/" + namespace + "/rayclusters"
}

// RayCluster is the path of one.
func RayCluster(namespace, name string) string { return RayClusters(namespace) + "/" + name }

// Pods is the path of a namespace's pods.
func Pods(namespace string) string { return "/api/v1/namespaces/" + namespace + "/pods" }

// Services is the path of a namespace's services.
func Services(namespace string) string { return "/api/v1/namespaces/" + namespace + "/services" }
