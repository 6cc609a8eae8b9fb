import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { lowered } from '../charts/lowered-staging.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';

/** A program of the cache, if it is built. */
const program = (engine: string, name: string): string | undefined =>
  globSync(`${cacheFolder()}/${engine}/*/bin/${name}`).toSorted().at(-1);

const folder = mkdtempSync(path.join(tmpdir(), 'meridian-telemetry-'));
const files = lowered.observability.steps
  .flatMap((step) => step.manifests ?? [])
  .filter((object) => object.kind === 'ConfigMap')
  .flatMap(({ metadata, data = {} }) =>
    Object.entries(data).map(([name, content]) => ({
      place: path.join(folder, metadata.name),
      name,
      content,
    })),
  );

/** Files of a name below the folder of a part. */
const pathsOf = (part: string, name: string): readonly string[] =>
  globSync(`${folder}/${part}*/${name}`).toSorted();

/** Where pods have their certificates, in the configurations. */
const TLS = '/run/telemetry';

beforeAll(async () => {
  const authority = await TestAuthority.create();
  const { cert, key, ca } = await authority.issue({ dnsNames: ['telemetry'] });
  for (const identity of ['tls', 'identity']) {
    const place = path.join(folder, 'run', identity);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'tls.crt'), cert);
    writeFileSync(path.join(place, 'tls.key'), key);
    writeFileSync(path.join(place, 'ca.crt'), ca);
  }
  for (const { place, name, content } of files) {
    mkdirSync(place, { recursive: true });
    const local = content
      .replaceAll(TLS, path.join(folder, 'run'))
      .replaceAll('/etc/config/', `${place}/`);
    writeFileSync(path.join(place, name), local);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a check; gives what it says of a file that fails. */
function complaints(command: string, args: readonly string[]): string {
  try {
    const env = { ...process.env, MY_POD_IP: '127.0.0.1', ZONE: 'zone-a' };
    execFileSync(command, args, { stdio: 'pipe', env });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    if (stdout === undefined) throw error;
    return `${stdout.toString()}${stderr?.toString() ?? ''}`;
  }
}

const CHECKS = [
  ['otelcol', 'otelcol', ['collector', 'node-logs'], 'relay', ['validate', '--config']],
  ['prometheus', 'promtool', ['prometheus'], 'prometheus.yml', ['check', 'config']],
  ['prometheus', 'promtool', ['prometheus'], 'web.yml', ['check', 'web-config']],
  ['alertmanager', 'amtool', ['alertmanager'], 'alertmanager.yml', ['check-config']],
  ['prometheus', 'promtool', ['alertmanager'], 'web.yml', ['check', 'web-config']],
] as const;

describe('configurations of telemetry in a cluster', () => {
  for (const [engine, name, parts, file, args] of CHECKS) {
    const command = program(engine, name);
    (command === undefined ? test.skip : test)(
      `${file} of ${parts.join(' and ')} pass the own check of ${name}${command === undefined ? ' (it is not built here)' : ''}`,
      () => {
        const paths = parts.flatMap((part) => pathsOf(part, file));
        expect(paths).not.toEqual([]);
        const found = paths.map((each) => complaints(command ?? '', [...args, each]));
        expect(found.filter((each) => each !== '')).toEqual([]);
      },
    );
  }
});
