import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
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
