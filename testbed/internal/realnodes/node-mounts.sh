# Prepares a node's mount namespace. Everything below is gone with the
# namespace, that is with its last process.
# Needs: NODE_DIR STATE_DIR CACHE_DIR IMAGES (a prepared containerd directory)
set -eu

# What the programs of a node write to whatever they are told is a directory
# of the node. The state directory and the cache stay visible, should they be
# in one of these places.
places="/run /var/lib /var/log"
for place in $places; do
  for keep in "$(readlink -f "$STATE_DIR")" "$(readlink -f "$CACHE_DIR")"; do
    case $keep in
      "$place"/*)
        mkdir -p "$NODE_DIR/private$keep"
        mount --bind "$keep" "$NODE_DIR/private$keep"
        ;;
    esac
  done
done
for place in $places; do
  mount --rbind "$NODE_DIR/private$place" "$place"
done

# The images' layers and blobs come from the cache, read-only: they need not be
# copied, and nothing that happens in the node can change them.
for original in "$IMAGES"/io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs \
  "$IMAGES"/io.containerd.content.v1.content/blobs/sha256/*; do
  target=/var/lib/containerd${original#"$IMAGES"}
  if [ -d "$original" ]; then
    mkdir -p "$target"
  else
    mkdir -p "${target%/*}"
    : >"$target"
  fi
  mount --bind "$original" "$target"
  mount -o remount,bind,ro "$target"
done

# Settings of the whole machine that a kubelet changes when it starts: it finds
# them in files instead, as it wants them.
for file in "$NODE_DIR"/sysctl/*/* "$NODE_DIR"/sysctl/*/*/*; do
  setting=/proc/sys${file#"$NODE_DIR/sysctl"}
  if [ -f "$file" ] && [ -e "$setting" ]; then
    mount --bind "$file" "$setting"
  fi
done

# Pods may ask for mount propagation; the host is no peer of this namespace.
mount --make-rshared /
