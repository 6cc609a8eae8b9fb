import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';

/** The first line of a Dockerfile that says what images are built on, with its digest or without. */
const BASE_LINE = /^ARG NODE_IMAGE=([^\s@]+)(?:@(sha256:[0-9a-f]{64}))?$/m;

/** The base image of a Dockerfile, without its digest. Throws Error when it names none. */
export function baseImage(dockerfile: string): string {
  const [, reference] = BASE_LINE.exec(dockerfile) ?? [];
  if (reference === undefined) throw new Error('The Dockerfile has no ARG NODE_IMAGE');
  return reference;
}

/** The Dockerfile with the digest of its base image; one that is unresolved is left out. */
export function withBaseDigest(dockerfile: string, digest: string): string {
  const suffix = digest === UNRESOLVED ? '' : `@${digest}`;
  return dockerfile.replace(BASE_LINE, `ARG NODE_IMAGE=$1${suffix}`);
}
