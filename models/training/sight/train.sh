#!/bin/sh
# Trains or goes on training in RUN, beside other work: one thread, lowest priority; first the frame tokens alone, then everything.
# Usage, in models/training: sight/train.sh RUN TOKENIZER [options of learning/train.py]
# The allocator keeps its memory: without this half of the time goes into page faults.
set -eu
run=${1:?the folder for check-points} tokenizer=${2:?tokenizer.json}
shift 2
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=300000000 GOMP_SPINCOUNT=0
nice -n 19 "${PYTHON:-python3}" -m sight.learning.pretrain --run "$run" --steps "${TOKEN_STEPS:-3000}"
exec nice -n 19 "${PYTHON:-python3}" -m sight.learning.train --run "$run" --tokenizer "$tokenizer" --begin "$run/tokens.pt" "$@"
