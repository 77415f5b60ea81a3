# The API alone: its database is another container, or a PostgreSQL of your own.
FROM python:3.11-slim

WORKDIR /nzc
COPY pyproject.toml constraints.txt README.md ./
COPY migrations ./migrations
COPY nzc_api ./nzc_api
COPY examples ./examples
RUN pip install --no-cache-dir --constraint constraints.txt '.[reports]' \
    && useradd --system --create-home --home-dir /var/lib/nzc nzc
USER nzc
ENV NZC_HOST=0.0.0.0 NZC_DATA_DIR=/var/lib/nzc/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["nzc", "serve"]
