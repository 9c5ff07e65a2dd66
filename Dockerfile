# ResNet Lab in a container, with torch for processors only where TORCH_INDEX names PyTorch's CPU index:
#   docker build --build-arg TORCH_INDEX=... -t resnet-lab .
#   docker run --read-only --tmpfs /tmp -p 8501:8501 resnet-lab

FROM python:3.11-slim-bookworm AS build
ARG TORCH_INDEX=""
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv .venv
COPY requirements.txt constraints.txt ./
# torch first and alone, so that nothing else can choose its version.
RUN .venv/bin/pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -c constraints.txt "$(grep '^torch==' requirements.txt)"
RUN .venv/bin/pip install -r requirements.txt

FROM python:3.11-slim-bookworm
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
# Only /tmp is written to, so the rest of the container can be read-only.
ENV HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    LOGNAME=lab
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT [".venv/bin/python", "-m", "streamlit", "run", "app.py"]
CMD ["--server.address=0.0.0.0", "--server.port=8501"]
