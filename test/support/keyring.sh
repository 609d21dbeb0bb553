#!/bin/sh
# usage: keyring.sh unlocked|locked|bare COMMAND [ARGUMENT...]
# Runs a command inside the D-Bus session that started this script, with the session's keyring in the named state:
#   unlocked  the GNOME keyring, unlocked (and created, the first time) with $KEYRING_PASSWORD
#   locked    the GNOME keyring as it lies on disk: locked, or never created
#   bare      whatever the session has
set -eu
state=$1
shift
case $state in
  # the password must not be empty: with nothing on its stdin the daemon would ask for one
  unlocked) printf '%s' "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null ;;
  locked) gnome-keyring-daemon --start --components=secrets >/dev/null ;;
  bare) ;;
  *)
    echo "keyring.sh: unknown state $state" >&2
    exit 64
    ;;
esac
unset KEYRING_PASSWORD
exec "$@"
