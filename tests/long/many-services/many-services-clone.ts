import { cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { declaredServices } from '../../../infra/platform-graph.ts';
import { ReviewClone } from '../../end-to-end/review-clone.ts';

/** What a copy is not made of: there is one edge. */
const COPIED = declaredServices()
  .filter(({ exposure }) => exposure !== 'edge')
  .map(({ name }) => name);

/**
 * Limits of a platform that has the addresses of a machine and one PostgreSQL, and not limits of a review: a
 * program of so many services would have them elsewhere.
 */
const LIMITS = [
  ['components/model/validate/slot-problems.ts', 'MAX_SLOT = 28', 'MAX_SLOT = 200'],
  [
    'components/model/database-connections.ts',
    'SERVER_CONNECTIONS = 1_000',
    'SERVER_CONNECTIONS = 9_000',
  ],
] as const;

/** How many services a program has with so many copies of those that it has. */
export function servicesWith(copies: number): number {
  return declaredServices().length + copies * COPIED.length;
}

/** A clone of the program whose services, but for the edge, are declared so many times more under other names. */
export async function manyServicesClone(copies: number): Promise<ReviewClone> {
  const clone = new ReviewClone();
  for (const [file, from, to] of LIMITS) clone.edit(file, from, to);
  const at = (...names: readonly string[]) => path.join(clone.folder, ...names);
  const numbers = Array.from({ length: copies }, (_, place) => place + 1);
  for (const service of COPIED) {
    for (const copy of numbers) {
      const folder = at('services', `${service}${copy}`);
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'main.ts'), `import '../${service}/main.ts';\n`);
      const migrations = at('services', service, 'migrations');
      if (existsSync(migrations)) {
        cpSync(migrations, path.join(folder, 'migrations'), {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
    }
  }
  renameSync(at('infra/platform.ts'), at('infra/own-platform.ts'));
  const names = numbers.flatMap((copy) => COPIED.map((service) => `${service}${copy}`));
  writeFileSync(
    at('infra/platform.ts'),
    `import { copiedServices } from '../tests/long/many-services/copied-services.ts';
import * as own from './own-platform.ts';
export * from './own-platform.ts';
const services = Object.values(own).filter((one) => one.kind === 'service' && one.exposure !== 'edge');
export const [${names.join(', ')}] = [${numbers.join(', ')}].flatMap((copy) => copiedServices(services, copy));
`,
  );
  await clone.commitAll();
  return clone;
}
