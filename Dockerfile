# syntax=docker/dockerfile:1
# One image for every role: api (default), worker, follower, migrate; see docs/operations.md.
# The arguments name the base; pin it by digest where images are built for production.
ARG NODE_IMAGE=docker.io/library/node:26-trixie-slim

# Compiles contracts and TypeScript, bundles ccip-js, and gathers what the entry point reaches. The contract compiler
# comes for this platform only; what it makes runs on every one.
FROM --platform=linux/amd64 ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node cli/build.mjs && node cli/image/assemble.mjs /image

# Production dependencies alone, with their bill of materials. None of them may run a script at its installation; the one
# that must be native brings its code built, which is tried here.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /image
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY cli/image/prune.mjs /
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx > sbom.cdx.json \
  && rm -r node_modules/@colophon \
  && node /prune.mjs node_modules \
  && node -e "require('@node-rs/argon2').hashSync('')"

FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Colophon" \
  org.opencontainers.image.licenses="Apache-2.0"
# A container is reached from outside of itself.
ENV NODE_ENV=production \
  NODE_OPTIONS=--enable-source-maps \
  HOST=0.0.0.0 \
  HEALTH_HOST=0.0.0.0
WORKDIR /app
# Owned by root, so that nothing that runs here can change it; nothing is written at run time but below /tmp.
COPY --from=dependencies /image/node_modules ./node_modules
COPY --from=dependencies /image/sbom.cdx.json ./
COPY --from=build /image ./
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/cli/image/main.js"]
CMD ["api"]
