#!/bin/sh
# Makes the passwords that docker-compose.yml names, each a random number of 192 bits, in secrets/ of the current folder.
# What is there already stays. The folder is for its owner alone; the files in it are for the users within containers.
set -eu
umask 077
mkdir -p secrets
for name in influx-admin influx-write influx-read grafana-admin; do
  file=secrets/$name-password
  # What an older docker-compose left where a secret was missing.
  [ ! -d "$file" ] || rmdir "$file"
  [ -e "$file" ] || head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$file"
  chmod 644 "$file"
done
