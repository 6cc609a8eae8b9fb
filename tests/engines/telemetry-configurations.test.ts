import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lowerLocal } from '@meridian/components/local/lower-local.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { TELEMETRY_ENGINES } from '@meridian/components/observability/local-places.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';

const settings = localSettings({});
const { observability } = lowerLocal(landed(platform(settings)), settings, {
  version: '0.0.0',
  revisions: {},
  migrations: {},
  installed: Object.fromEntries(TELEMETRY_ENGINES.map((engine) => [engine, engine])),
});

/** What each program says of its own configuration, from the folder of its process. */
const CHECKS = [
  ['otelcol', 'collector', ['otelcol', 'validate', '--config', 'collector.json']],
  ['jaeger', 'jaeger', ['jaeger', 'validate', '--config', 'jaeger.json']],
  ['prometheus', 'prometheus', ['promtool', 'check', 'config', 'prometheus.json']],
  ['alertmanager', 'alertmanager', ['amtool', 'check-config', 'alertmanager.json']],
] as const;

describe('the configurations that are rendered for this machine', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'telemetry-'));
  });

  afterAll(() => rmSync(root, { recursive: true }));

  /** Writes what an agent would, with files in the places of keys and passwords; gives the folder of the process. */
  function write(spec: ProcessSpec): string {
    const folder = (name: string) => path.join(root, name);
    const folders = {
      ...{ state: folder('state'), data: folder('data'), runtime: folder('run') },
      ...{ cache: cacheFolder(), program: folder('program') },
    };
    const placeholders = placeholdersOf(folders, 'telemetry', spec.name);
    const files = {
      ...spec.files,
      ...spec.liveFiles,
      ...Object.fromEntries(['crt', 'key'].map((kind) => [`tls/tls.${kind}`, ''])),
      ...{ 'tls/ca.crt': '', authorization: 'Basic bWU6bWU=' },
    };
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(placeholders.self, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, expandPlaceholders(text, placeholders));
    }
    mkdirSync(folder('state/credentials'), { recursive: true });
    for (const { name } of observability?.secrets ?? []) {
      writeFileSync(folder(`state/credentials/${name}`), 'secret\n');
    }
    return placeholders.self;
  }

  for (const [engine, name, [program, ...args]] of CHECKS) {
    const command = path.join(cacheFolder(), engine, 'current/bin', program);
    const check = existsSync(command) ? test : test.skip;
    check(`${name}: ${program} takes it, where it is built`, () => {
      const spec = observability?.processes.find((process) => process.name === name);
      if (spec === undefined) throw new Error(`${name} is not lowered`);
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd: write(spec),
        encoding: 'utf8',
      });
      expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({
        status: 0,
        said: '',
      });
    });
  }
});
