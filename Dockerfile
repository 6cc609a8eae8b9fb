# syntax=docker/dockerfile:1
# The image of one service: docker buildx build --build-arg SERVICE=catalog … (docs/images.md).

# The base of the build and the origin of Node.js; `npm run pins` adds its digest.
ARG NODE_IMAGE=docker.io/library/node:24.9.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /meridian

# Packages change seldom and are the same for every service: a layer that all builds share.
COPY .npmrc package.json package-lock.json ./
COPY components/package.json components/
COPY jobs/package.json jobs/
COPY language/package.json language/
COPY policies/package.json policies/
COPY providers/local/package.json providers/local/
COPY providers/postgres/package.json providers/postgres/
COPY providers/rehearsal/package.json providers/rehearsal/
COPY services/kit/package.json services/kit/
COPY services/gateway/package.json services/gateway/
COPY services/identity/package.json services/identity/
COPY services/catalog/package.json services/catalog/
COPY services/search/package.json services/search/
COPY services/orders/package.json services/orders/
COPY services/payments/package.json services/payments/
COPY services/audit/package.json services/audit/
COPY services/watch/package.json services/watch/
COPY verifier/package.json verifier/
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

# Node.js with the libraries that it loads, and a user for whoever asks who runs.
RUN mkdir -p /image/etc \
  && ldd /usr/local/bin/node | grep -o '/[^ ]*' \
  | xargs cp --parents --dereference --target-directory=/image /usr/local/bin/node \
  && echo 'meridian:x:65532:65532::/nonexistent:/nonexistent' > /image/etc/passwd \
  && echo 'meridian:x:65532:' > /image/etc/group

COPY . .
ARG SERVICE
RUN node --disable-warning=ExperimentalWarning tools/images/assemble.ts "${SERVICE}" /image/app

# Nothing else: no shell, no package manager, nothing that can be written.
FROM scratch
COPY --from=build /image/ /
ENV NODE_ENV=production PATH=/usr/local/bin
WORKDIR /run/meridian
USER 65532:65532
ENTRYPOINT ["node"]
ARG SERVICE
ARG VERSION
ARG REVISION
ARG NODE_IMAGE
LABEL org.opencontainers.image.title="meridian-${SERVICE}" \
  org.opencontainers.image.description="The service ${SERVICE} of Meridian" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.base.name="${NODE_IMAGE}"
