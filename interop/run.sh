#!/usr/bin/env bash
# Asks HAPI FHIR whether converted studies are valid. Needs Maven and Java 17; where they are not
# there, or Maven cannot fetch HAPI, a line says so and nothing is asked.
#   interop/run.sh [NUMBER]      so many generated studies of each version
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$here/../target/interop
mkdir -p "$work"

for tool in mvn javac java; do
    if ! command -v "$tool" > /dev/null; then
        echo "not asked: $tool is not there"
        exit 0
    fi
done

# What was fetched before needs no network.
classpath=$work/classpath
fetch() {
    timeout 120 mvn -q -B "$@" -f "$here/pom.xml" dependency:build-classpath \
        -Dmdep.outputFile="$classpath.new" > "$work/maven.log" 2>&1 && mv "$classpath.new" "$classpath"
}
if ! fetch -o && ! fetch; then
    echo "not asked: Maven cannot fetch HAPI FHIR, see target/interop/maven.log"
    exit 0
fi

(cd "$here/.." && cargo run --quiet --locked -p imaging-study-validate --all-features \
    --example interop -- "$work/studies" "${1:-8}")
javac -nowarn -cp "$(cat "$classpath")" -d "$work/classes" "$here/src/Interop.java"
exec java -Xmx2g -cp "$work/classes:$(cat "$classpath")" Interop "$work/studies" "$here/known.tsv"
