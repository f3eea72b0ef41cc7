"""A script as an experiment: it names the shards that a data set would be divided into."""

from pconfigs import ScriptConfig

config = ScriptConfig(
    inline="""\
set -eu
for shard in $(seq 1 "$1"); do
    echo "shard $shard of $1: $PREFIX-$shard.txt"
done
""",
    args=["3"],
    env={"PREFIX": "digits"},
    timeout=60.0,
)
