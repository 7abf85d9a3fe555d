# The app as a server. docs/administration.md says how to run it; compose.yaml adds PostgreSQL.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements-server.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements-server.lock
COPY pyproject.toml README.md LICENSE app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY scenarios scenarios
COPY simulator simulator
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index --editable . \
    && /venv/bin/python -m compileall -q simulator

FROM python:3.11-slim
# A user without rights and without a shell; only /data is its own, and empty.
RUN useradd --system --user-group --uid 10001 --home-dir /data --shell /usr/sbin/nologin adsim \
    && install --directory --owner adsim --group adsim --mode 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ADSIM_DATA_DIR=/data ADSIM_LOG=json
USER 10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/health', timeout=8)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501", "--server.headless", "true", \
     "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
