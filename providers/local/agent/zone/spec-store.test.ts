import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { processSpecSchema } from '../../process-spec.ts';
import { SpecStore } from './spec-store.ts';
import type { StoredSpec } from './spec-store.ts';

let folder: string;
let store: SpecStore;

const stored = (name: string): StoredSpec => ({
  order: 1,
  spec: processSpecSchema.parse({
    ...{ name, revision: '1', command: ['true'], environment: {}, files: {}, liveFiles: {} },
    ...{ identities: [], listens: [], readiness: { kind: 'none' }, onRenew: 'none' },
    ...{ stop: { signal: 'SIGTERM', graceSeconds: 1 }, runs: 'always', data: true },
  }),
});

beforeEach(() => {
  folder = mkdtempSync('/tmp/mss-');
  store = new SpecStore(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([0, 40])(
  'a spec torn to %d bytes is named and hides no other, until it is kept',
  async (bytes) => {
    await store.save(stored('web'));
    await store.save(stored('torn'));
    truncateSync(join(folder, 'torn.json'), bytes);
    expect(await store.load()).toEqual({
      specs: [stored('web')],
      deleting: [],
      unreadable: [expect.stringContaining(join(folder, 'torn.json'))],
    });
    await store.keep(stored('torn'));
    expect((await store.load()).specs).toHaveLength(2);
  },
);

test('a spec is kept without a write where the file says it already', async () => {
  await store.save(stored('web'));
  const { order, spec } = stored('web');
  const text = JSON.stringify({ spec, order });
  writeFileSync(join(folder, 'web.json'), text);
  await store.keep(stored('web'));
  expect(readFileSync(join(folder, 'web.json'), 'utf8')).toBe(text);
});

test.each([0, 40])(
  'a deletion whose marker is torn to %d bytes is still one, of an unknown spec',
  async (bytes) => {
    await store.save(stored('web'));
    await store.beginDelete(stored('web'));
    truncateSync(join(folder, 'web.deleting'), bytes);
    expect((await store.load()).deleting).toEqual(['web']);
    expect(await store.readDeleting('web')).toBeUndefined();
    await store.finishDelete('web');
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('a deletion begins also where somebody removed the spec', async () => {
  await store.beginDelete(stored('web'));
  expect(await store.readDeleting('web')).toEqual(stored('web').spec);
});
