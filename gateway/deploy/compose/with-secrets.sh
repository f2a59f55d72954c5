#!/bin/sh
# with-secrets.sh SECRET[:VARIABLE]... -- COMMAND...
# Runs the command once every secret is there: a file of its name, and what it holds as the variable where one is given.
# An older docker-compose makes a directory of a secret that is missing, and starts the database without a password.
set -eu
directory=${SECRETS_DIRECTORY:-/run/secrets}
missing=0
while [ "$1" != -- ]; do
  name=${1%%:*}
  file=$directory/$name
  if [ ! -f "$file" ] || [ ! -r "$file" ] || [ ! -s "$file" ]; then
    echo "缺少密钥文件 secrets/$name（不存在、为空或不可读）。请先运行：sh gateway/deploy/compose/make-secrets.sh" >&2
    echo "secret file secrets/$name is missing, empty or not readable. Run first: sh gateway/deploy/compose/make-secrets.sh" >&2
    missing=1
  elif [ "$name" != "$1" ]; then
    export "${1#*:}=$(cat "$file")"
  fi
  shift
done
shift
[ "$missing" = 0 ] || exit 78
exec "$@"
