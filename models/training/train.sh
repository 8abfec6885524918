#!/bin/sh
# All stages in order; each continues where it was stopped. Usage: train.sh RUN_FOLDER [CHECKPOINT_FOLDER]
set -eu
run=${1:?the folder for check-points and features}
here=$(cd "$(dirname "$0")" && pwd)
checkpoint=${2:-$here/../duet-nano/checkpoint}
python=${PYTHON:-python3}
threads=${THREADS:-2}

[ -f "$checkpoint/tokenizer.json" ] || "$python" "$here/train_tokenizer.py" --out "$checkpoint"
"$python" "$here/train_vision.py" --run "$run" --minutes "${VISION_MINUTES:-40}" --threads "$threads"
[ -f "$run/eye.pt" ] || "$python" "$here/settle_eye.py" --run "$run"
"$python" "$here/cache_features.py" --run "$run" --split validation --shards 2 --threads "$threads"
"$python" "$here/cache_features.py" --run "$run" --split train --shards "${SHARDS:-40}" --threads "$threads"
"$python" "$here/train_duet.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --minutes "${DUET_MINUTES:-60}" --threads "$threads"
"$python" "$here/export.py" --run "$run" --out "$checkpoint"
"$python" "$here/check_export.py" --run "$run" --checkpoint "$checkpoint"
"$python" "$here/evaluate.py" --run "$run" --tokenizer "$checkpoint/tokenizer.json" --out "$here/../duet-nano/figures.json"
