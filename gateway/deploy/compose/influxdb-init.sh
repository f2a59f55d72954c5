#!/bin/sh
# Run once by the image of InfluxDB, after it has made the bucket: InfluxQL asks for a database, and here is which bucket
# that is. The gateway may write to it and nothing else, Grafana may read it and nothing else.
set -eu
bucket=$DOCKER_INFLUXDB_INIT_BUCKET_ID
org=$DOCKER_INFLUXDB_INIT_ORG
secrets=${SECRETS_DIRECTORY:-/run/secrets}
influx v1 dbrp create --org "$org" --bucket-id "$bucket" --db "$DOCKER_INFLUXDB_INIT_BUCKET" --rp autogen --default
influx v1 auth create --org "$org" --write-bucket "$bucket" --username muster \
  --password "$(cat "$secrets/influx-write-password")" --description "gateway, writes"
influx v1 auth create --org "$org" --read-bucket "$bucket" --username grafana \
  --password "$(cat "$secrets/influx-read-password")" --description "Grafana, reads"
