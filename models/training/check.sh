#!/bin/sh
# What CI runs of the trainer: its unit tests, and the test that imported graphs compute what it computes.
# Needs python3-torch, python3-torchvision, python3-numpy and python3-pil of Debian, and the .NET SDK. Another Python: PYTHON=... check.sh
set -eu
python=${PYTHON:-/usr/bin/python3}
root=$(cd "$(dirname "$0")/../.." && pwd)
"$python" -c 'import torch, torchvision, numpy, PIL' || {
    echo "check.sh: $python lacks PyTorch: apt-get install python3-torch python3-torchvision python3-numpy python3-pil libopenblas0" >&2
    exit 1
}
export PYTHONDONTWRITEBYTECODE=1
(cd "$root/models/training" && "$python" -m unittest discover -s tests -t .)
cd "$root"
dotnet build tests/Yolact.Edge.Vision.Tests --nologo -v q
dotnet run --no-build --project tests/Yolact.Edge.Vision.Tests -- -class Yolact.Edge.Vision.Tests.Training.TrainerParityTests
