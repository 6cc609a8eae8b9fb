import { existsSync } from 'node:fs';
import path from 'node:path';
import { processesOf } from './leftovers.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** A moment of a start, known by what is there then. */
export interface Moment {
  readonly name: string;
  readonly reached: (start: Start) => boolean;
}

/** A start under way. */
export interface Start {
  readonly platform: PlatformUnderTest;
  /** What it has printed so far. */
  readonly printed: () => string;
}

/** Ten moments of a start, each later than those before it, also in a start that goes on. */
export const MOMENTS: readonly Moment[] = [
  { name: 'at its first line', reached: ({ printed }) => printed().includes('\n') },
  {
    name: 'as it takes its lock',
    // One that was killed may have left it there.
    reached: (start) => has('lock')(start) && runs(/tools\/meridian\/main\.ts /)(start),
  },
  { name: 'as Pulumi has begun', reached: runs(/\/pulumi up /) },
  { name: 'as the program is asked', reached: runs(/language-host\/main\.ts/) },
  { name: 'as the provider runs', reached: runs(/providers\/local\/main\.ts/) },
  { name: 'as the first agent runs', reached: runs(/providers\/local\/agent\/main\.ts/) },
  { name: 'as PostgreSQL is set up', reached: has('zones/a/specs/postgres.json') },
  { name: 'as the first service starts', reached: has('zones/a/specs/catalog-a-0.json') },
  { name: 'as the first gateway starts', reached: has('zones/a/specs/gateway-a-0.json') },
  { name: 'as the edge starts', reached: has('zones/edge/specs/envoy.json') },
];

function has(file: string): Moment['reached'] {
  return ({ platform }) => existsSync(path.join(platform.state, file));
}

function runs(command: RegExp): Moment['reached'] {
  return ({ platform }) =>
    processesOf(platform).some((one) => one.ours && command.test(`${one.command} `));
}
