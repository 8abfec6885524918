#!/bin/sh
# All stages in order; each continues where it was stopped. Usage: train.sh RUN_FOLDER [CHECKPOINT_FOLDER]
# The checkpoint is written to RUN_FOLDER/checkpoint unless another folder is named; so an untested model replaces no bundled one.
set -eu
run=${1:?the folder for check-points and features}
here=$(cd "$(dirname "$0")" && pwd)
checkpoint=${2:-$run/checkpoint}
python=${PYTHON:-python3}
threads=${THREADS:-1}

# A new run goes on from the bundled checkpoint (BEGIN=checkpoint), from its eye alone (eye), or from nothing (nothing).
begin=${BEGIN:-checkpoint}
mkdir -p "$run"
if [ ! -f "$run/eye.pt" ] && [ "$begin" = checkpoint ]; then
    "$python" "$here/begin_run.py" --run "$run"
    mkdir -p "$checkpoint" && cp -n "$here/../duet-nano/checkpoint/tokenizer.json" "$here/../duet-nano/checkpoint/tokenizer_config.json" "$checkpoint"
fi
[ -f "$checkpoint/tokenizer.json" ] || "$python" "$here/train_tokenizer.py" --out "$checkpoint"
if [ ! -f "$run/eye.pt" ]; then
    [ -f "$run/vision.pt" ] || [ "$begin" = nothing ] || cp "$here/start/vision.pt" "$run/vision.pt"
    "$python" "$here/train_vision.py" --run "$run" --minutes "${VISION_MINUTES:-90}" --threads "$threads"
    "$python" "$here/settle_eye.py" --run "$run"
fi
"$python" "$here/cache_features.py" --run "$run" --split validation --shards 3 --threads "$threads"
# Shards are written beside the training, which picks them up; those written later follow the model's failures.
"$python" "$here/cache_features.py" --run "$run" --split train --shards "${FIRST_SHARDS:-15}" --threads "$threads"
"$python" "$here/cache_features.py" --run "$run" --split train --shards "${SHARDS:-120}" --threads "$threads" &
caching=$!
trap 'kill $caching 2>/dev/null || true' EXIT
"$python" "$here/train_duet.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --minutes "${DUET_MINUTES:-240}" --threads "$threads"
"$python" "$here/export.py" --run "$run" --out "$checkpoint"
"$python" "$here/check_export.py" --run "$run" --checkpoint "$checkpoint"
"$python" "$here/evaluate.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --out "$run/figures.json"

# Optional, one round of preference tuning on the student's own corrected failures; compare the figures before using it:
# "$python" "$here/cache_features.py" --run "$run" --split train --folder fresh --first 900 --shards 910 --threads "$threads"
# "$python" "$here/collect_failures.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --features fresh --out "$run/failures.jsonl"
# "$python" "$here/tune_preferences.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --features fresh --out "$run/duet-tuned.pt"
# "$python" "$here/evaluate.py" --run "$run" --name duet-tuned.pt --tokenizer "$checkpoint/tokenizer.json" --out "$run/figures-tuned.json"
