docker run -d --gpus all --runtime nvidia --ipc=host --ulimit memlock=-1 --ulimit stack=67108864 nvcr.io/nvidia/pytorch:24.05-py3 sleep 1d
