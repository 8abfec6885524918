#!/bin/sh
# Trains or goes on training in RUN, beside other work: one thread, lowest priority. Usage: sight/train.sh RUN TOKENIZER [options of train.py], in models/training.
# The allocator keeps its memory: without this half of the time goes into page faults.
set -eu
run=${1:?the folder for check-points} tokenizer=${2:?tokenizer.json}
shift 2
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=300000000 GOMP_SPINCOUNT=0
exec nice -n 19 "${PYTHON:-python3}" -m sight.learning.train --run "$run" --tokenizer "$tokenizer" "$@"
