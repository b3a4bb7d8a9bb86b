# Imports archives ($@) into a new containerd directory, without leaving a
# process or a mount: the caller gives it mount and process namespaces.
# Needs: WORK (a directory)
set -eu
cat >"$WORK/config.toml" <<'TOML'
version = 2
root = "@WORK@/root"
state = "@WORK@/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
address = "@WORK@/containerd.sock"
TOML
sed -i "s|@WORK@|$WORK|" "$WORK/config.toml"
containerd --config "$WORK/config.toml" >"$WORK/containerd.log" 2>&1 &
tries=0
until ctr --address "$WORK/containerd.sock" version >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 200 ] || ! kill -0 $!; then
    cat "$WORK/containerd.log" >&2
    exit 1
  fi
  sleep 0.1
done
for archive in "$@"; do
  ctr --address "$WORK/containerd.sock" --namespace k8s.io images import "$archive"
done
kill $!
wait
