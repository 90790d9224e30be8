# The chat in a container: built from a wheel, run by a user without rights, with a root that may be read-only.
#   docker build --tag assistant .
#   docker run --read-only --tmpfs /tmp --publish 7860:7860 \
#     --volume ./docs_corpus:/data/documents:ro --volume assistant-index:/data/index assistant
ARG PYTHON=docker.io/library/python:3.11-slim

FROM ${PYTHON} AS build
# add local for a language model in a file, models for other embedding models (1.2 GB more)
ARG EXTRAS=chat,llm
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /source
COPY pyproject.toml hatch_build.py constraints.txt README.md LICENSE ./
COPY assistant assistant
RUN uv build --wheel --out-dir /wheels \
    && uv venv --python "$(command -v python3)" /opt/assistant \
    && uv pip install --no-cache --python /opt/assistant/bin/python --torch-backend=cpu \
       --constraint constraints.txt "$(echo /wheels/*.whl)[${EXTRAS}]" \
    && mkdir -p /data/documents /data/index

FROM ${PYTHON}
COPY --from=build /opt/assistant /opt/assistant
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/assistant/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    ASSISTANT_HOST=0.0.0.0 \
    ASSISTANT_CORPUS=/data/documents \
    ASSISTANT_INDEX=/data/index
WORKDIR /data
USER 10001:10001
VOLUME /data/index
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["assistant"]
CMD ["serve", "--watch"]
