import { CodedError } from '@meridian/language/coded-error.ts';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { declaredNames, slotForNew, topicOf } from './declared.ts';
import { formatted } from './formatted.ts';
import { newServiceFiles } from './new-service-files.ts';
import { register, unregister } from './registrations.ts';
import { newNames } from './service-name.ts';
import { migrationLinks } from './templates/migration-files.ts';

/** What somebody says of a new service. */
export interface Wanted {
  readonly name: string;
  /** @default the name without its last 's' */
  readonly resource?: string;
  readonly isPublic: boolean;
  readonly publishes: boolean;
  /** Services whose events it handles. */
  readonly consumes: readonly string[];
}

/**
 * Writes a service's folder and names it wherever services are named. What `generate` does comes after; if
 * it fails, nothing of the service is left.
 *
 * @returns the files that it wrote, by their paths
 * @throws {CodedError} SERVICE_NAME_UNUSABLE, SLOTS_EXHAUSTED, TOPIC_UNKNOWN, before anything is written
 */
export async function addService(
  root: string,
  wanted: Wanted,
  generate: () => Promise<void>,
): Promise<readonly string[]> {
  const names = newNames(root, wanted.name, wanted.resource, declaredNames);
  const consumes = await Promise.all(wanted.consumes.map((service) => topicOf(root, service)));
  const folder = path.join(root, 'services', names.service);
  if (wanted.publishes && names.service === 'events') {
    throw new CodedError(
      'SERVICE_NAME_UNUSABLE',
      "Service 'events': its name must be another one with --publishes, whose contract has a file events.proto, got 'events'; name another one",
    );
  }
  const { isPublic, publishes } = wanted;
  const service = { ...names, slot: slotForNew(), isPublic, publishes, consumes };
  const files = await formatted(newServiceFiles(service), folder);
  const links = migrationLinks(service);
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    for (const [name, target] of Object.entries(links)) {
      symlinkSync(target, path.join(folder, name));
    }
    register(root, names.service);
    await generate();
  } catch (thrown) {
    unregister(root, names.service);
    rmSync(folder, { recursive: true, force: true });
    // What was generated is generated again, without the service; the first failure is the one to tell.
    await generate().catch(() => undefined);
    throw thrown;
  }
  return [...Object.keys(files), ...Object.keys(links)].map(
    (name) => `services/${names.service}/${name}`,
  );
}
