import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parsePins } from '../../stacks/pins.ts';
import { outputProblems } from '../meridian/output/testing/output-problems.ts';
import type { WantedPin } from './look-up.ts';
import { recordPins } from './record-pins.ts';
import { RegistryStandIn } from './testing/registry-stand-in.ts';

let clone = '';
let registry: RegistryStandIn;
let wanted: readonly WantedPin[];

const recorded = () =>
  parsePins(JSON.parse(readFileSync(path.join(clone, 'stacks/pins.json'), 'utf8')));
const dockerfile = () => readFileSync(path.join(clone, 'Dockerfile'), 'utf8');

beforeEach(async () => {
  registry = await RegistryStandIn.start();
  clone = mkdtempSync(path.join(tmpdir(), 'meridian-pins-'));
  mkdirSync(path.join(clone, 'stacks'));
  wanted = [
    { kind: 'image', name: 'catalog', reference: `${registry.host}/shop/catalog:1.0` },
    { kind: 'image', name: 'base', reference: `${registry.host}/node:24` },
  ];
  writeFileSync(path.join(clone, 'Dockerfile'), `ARG NODE_IMAGE=${registry.host}/node:24\n`);
});

afterEach(async () => {
  await registry.stop();
  rmSync(clone, { recursive: true });
});

test('what was found is written, with the reason for what was not, and later runs fill the rest', async () => {
  const base = registry.pushImage('node', '24');
  const report = await recordPins(clone, wanted, []);
  expect(report).toMatchObject({
    text: [
      `image base ${registry.host}/node:24 ${base}`,
      `image catalog ${registry.host}/shop/catalog:1.0 unresolved (${registry.host} has no 'shop/catalog:1.0')`,
      'Recorded 1 of 2 digests in stacks/pins.json',
    ].join('\n'),
    unresolved: 1,
  });
  const found = report.results.map(({ pin, reason }) => ({ ...pin, reason }));
  const printed = JSON.stringify({ pins: found, unresolved: 1 });
  expect(outputProblems('pins', printed)).toBe('');
  expect(dockerfile()).toBe(`ARG NODE_IMAGE=${registry.host}/node:24@${base}\n`);
  expect(recorded().map(({ name, digest }) => [name, digest])).toEqual([
    ['base', base],
    ['catalog', 'unresolved'],
  ]);
  const catalog = registry.pushImage('shop/catalog', '1.0');
  expect(await recordPins(clone, wanted, recorded())).toMatchObject({ unresolved: 0 });
  expect(recorded().map(({ digest }) => digest)).toEqual([base, catalog]);
});

test('a run without any registry changes nothing that was found', async () => {
  registry.pushImage('node', '24');
  registry.pushImage('shop/catalog', '1.0');
  await recordPins(clone, wanted, []);
  const before = [recorded(), dockerfile()];
  await registry.stop();
  const { text, unresolved } = await recordPins(clone, wanted, recorded());
  expect(text).toContain('cannot be reached (ECONNREFUSED)');
  expect(unresolved).toBe(0);
  expect([recorded(), dockerfile()]).toEqual(before);
  registry = await RegistryStandIn.start();
});

test('archives of charts are kept as long as they are wanted', async () => {
  const kept = () => readdirSync(path.join(clone, 'stacks/charts'));
  const chart = (tag: string): WantedPin => ({
    kind: 'chart',
    name: 'certs',
    reference: `oci://${registry.host}/charts/certs:${tag}`,
  });
  registry.pushChart('charts/certs', '1.0', 'the bytes of an archive');
  const first = chart('1.0');
  await recordPins(clone, [first], []);
  expect(kept()).toEqual(['certs-1.0.tgz']);
  const archive = readFileSync(path.join(clone, 'stacks/charts/certs-1.0.tgz'), 'utf8');
  expect(archive).toBe('the bytes of an archive');
  // A registry that is away takes nothing.
  await registry.stop();
  await recordPins(clone, [first], recorded());
  expect(kept()).toEqual(['certs-1.0.tgz']);
  registry = await RegistryStandIn.start();
  registry.pushChart('charts/certs', '1.1', 'those of another');
  await recordPins(clone, [chart('1.1')], recorded());
  expect(kept()).toEqual(['certs-1.1.tgz']);
});

test('what is recorded for another stack stays, as long as that takes it', async () => {
  const chart = (name: string): WantedPin => ({
    kind: 'chart',
    name,
    reference: `oci://${registry.host}/charts/${name}:1.0`,
  });
  registry.pushChart('charts/balancers', '1.0', 'of production alone');
  registry.pushChart('charts/certs', '1.0', 'of both');
  await recordPins(clone, [chart('balancers'), chart('certs')], []);
  const before = recorded();
  const production = [chart('balancers'), chart('certs')];
  expect(await recordPins(clone, [chart('certs')], before, production)).toMatchObject({
    unresolved: 0,
  });
  expect(recorded()).toEqual(before);
  expect(readdirSync(path.join(clone, 'stacks/charts'))).toEqual([
    'balancers-1.0.tgz',
    'certs-1.0.tgz',
  ]);
  await recordPins(clone, [chart('certs')], before, [chart('certs')]);
  expect(recorded().map(({ name }) => name)).toEqual(['certs']);
});
