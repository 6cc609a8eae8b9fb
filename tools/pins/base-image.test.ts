import { describe, expect, test } from '@jest/globals';
import { baseImage, withBaseDigest } from './base-image.ts';

const reference = 'docker.io/library/node:24.9.0-bookworm-slim';
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const dockerfile = (base: string): string => `# Base\nARG NODE_IMAGE=${base}\n\nFROM scratch\n`;

describe('the base image of a Dockerfile', () => {
  test('is known by its tag, with a digest behind it or without', () => {
    expect(baseImage(dockerfile(reference))).toBe(reference);
    expect(baseImage(dockerfile(`${reference}@${digest}`))).toBe(reference);
    expect(() => baseImage('FROM scratch\n')).toThrow('has no ARG NODE_IMAGE');
  });

  test('gets its digest, another one in place of it, and none when none is known', () => {
    const pinned = withBaseDigest(dockerfile(reference), digest);
    expect(pinned).toBe(dockerfile(`${reference}@${digest}`));
    expect(withBaseDigest(pinned, digest)).toBe(pinned);
    expect(withBaseDigest(pinned, 'unresolved')).toBe(dockerfile(reference));
  });
});
