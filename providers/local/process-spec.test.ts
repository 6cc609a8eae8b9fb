import { describe, expect, test } from '@jest/globals';
import { processSpecSchema, restartDigest, specDigest } from './process-spec.ts';
import type { ProcessSpec } from './process-spec.ts';

const SPEC: ProcessSpec = {
  name: 'catalog-b-0',
  revision: 'abc',
  command: ['${node}', '${program}/services/catalog/main.ts'],
  environment: { B: '2', A: '1' },
  files: { 'config/service.json': '{}' },
  liveFiles: { 'bindings/catalog/addresses': '127.0.2.16:17000\n' },
  identities: [
    {
      folder: 'tls',
      uris: ['spiffe://meridian.local/ns/meridian/sa/catalog'],
      dnsNames: [],
      addresses: [],
      usages: ['server', 'client'],
    },
  ],
  listens: [{ name: 'grpc', address: '127.0.2.16', port: 17_000 }],
  readiness: { kind: 'http', url: 'http://127.0.2.16:17001/readyz', timeoutSeconds: 30 },
  stop: { signal: 'SIGTERM', graceSeconds: 10 },
  onRenew: 'none',
  runs: 'always',
  data: false,
};

const problemsOf = (spec: unknown) =>
  (processSpecSchema.safeParse(spec).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('a process spec', () => {
  test('is valid as the platform writes it', () => {
    expect(problemsOf(SPEC)).toEqual([]);
  });

  test.each([
    [{ name: 'Catalog' }, 'name: must be 1 to 40 lower-case letters'],
    [{ command: [] }, 'command: must name a program'],
    [{ files: { '../x': '' } }, 'files.../x: must be a relative path'],
    [{ files: { 'a/../../x': '' } }, 'files.a/../../x: must be a relative path'],
    [{ files: { '/etc/x': '' } }, 'files./etc/x: must be a relative path'],
    [{ liveFiles: { 'config/service.json': '' } }, 'is given in files as well'],
    [{ files: { 'tls/tls.key': '' } }, 'files.tls/tls.key: lies in the folder of an identity'],
    [{ listens: [{ name: 'grpc', address: '0.0.0.0', port: 17_000 }] }, 'loopback address'],
    [{ listens: [{ name: 'grpc', address: '127.0.0.1', port: 80 }] }, 'must be 1024 to 65535'],
    [{ environment: { 'A-B': '' } }, 'must be the name of an environment variable'],
    [{ readiness: { kind: 'http', url: 'https://x/', timeoutSeconds: 1 } }, 'http:// address'],
    [{ identities: [...SPEC.identities, ...SPEC.identities] }, 'identities: share a folder'],
    [
      { identities: SPEC.identities.map((one) => ({ ...one, usages: ['server', 'sign'] })) },
      "'sign' must stand alone",
    ],
    [{ onRenew: 'SIGKILL' }, "onRenew: must be 'none', 'SIGHUP' or a command"],
    [{ onRenew: { command: [] } }, 'onRenew.command: must name a program'],
    [{ unheardOf: 1 }, 'unheardOf'],
  ])('with %j is refused', (change, problem) => {
    expect(problemsOf({ ...SPEC, ...change }).join('\n')).toContain(problem);
  });
});

describe('the digest', () => {
  test('does not depend on the order of keys', () => {
    const turned = Object.fromEntries(Object.entries(SPEC).reverse()) as unknown as ProcessSpec;
    expect(specDigest({ ...turned, environment: { A: '1', B: '2' } })).toBe(specDigest(SPEC));
  });

  test('stays what it was: agents hold it across versions of the program', () => {
    expect(specDigest(SPEC)).toBe(
      '1256a33b34c79a361f287a472ec6177d2bf30f9842fc91765431b0e82cb6cd9e',
    );
  });

  test('of a restart leaves out what a running process can take up', () => {
    const live = {
      ...SPEC,
      liveFiles: {},
      readiness: { kind: 'none' as const },
      stop: { signal: 'SIGINT' as const, graceSeconds: 1 },
      onRenew: { command: ['/bin/true'] },
    };
    expect(restartDigest(live)).toBe(restartDigest(SPEC));
    expect(specDigest(live)).not.toBe(specDigest(SPEC));
    expect(restartDigest({ ...SPEC, revision: 'abd' })).not.toBe(restartDigest(SPEC));
    expect(restartDigest({ ...SPEC, files: {} })).not.toBe(restartDigest(SPEC));
  });
});
