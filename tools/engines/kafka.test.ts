import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheFolder } from './cache.ts';
import { CLASS_ARCHIVE } from './kafka-classes.ts';
import { engineVersions } from './versions.ts';

const recipe = path.join(import.meta.dirname, 'kafka');
const read = (file: string): string => readFileSync(path.join(recipe, file), 'utf8');

test('the version of Kafka is the same in versions.ts, pom.xml and the lock', () => {
  const { version } = engineVersions.kafka;
  expect(read('pom.xml')).toContain(`<version>${version}</version>`);
  expect(read('jars.sha256')).toContain(` kafka_2.13-${version}.jar\n`);
});

test('the lock pins every jar by SHA-256', () => {
  const lines = read('jars.sha256').trimEnd().split('\n');
  expect(lines).toHaveLength(45);
  for (const line of lines) expect(line).toMatch(/^[0-9a-f]{64} {2}[A-Za-z0-9._-]+\.jar$/);
});

const installed = path.join(cacheFolder(), 'kafka/current');
const archived = existsSync(path.join(installed, CLASS_ARCHIVE)) ? test : test.skip;

archived('a broker takes its classes from the archive (skipped: this Java archives none)', () => {
  const { stdout } = spawnSync(path.join(installed, 'bin/kafka'), [
    '-Xlog:class+load',
    'meridian.kafka.Broker',
  ]);
  expect(String(stdout)).toContain('meridian.kafka.Broker source: shared objects file (top)');
});
