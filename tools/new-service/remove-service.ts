import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { declaredServices } from '../../infra/platform-graph.ts';
import { topicOf } from './declared.ts';
import { formatted } from './formatted.ts';
import { newServiceFiles } from './new-service-files.ts';
import { PLATFORM_FILE, unregister } from './registrations.ts';
import { namesOf } from './service-name.ts';

/**
 * Removes a service's folder and takes its name out wherever services are named.
 *
 * @param options.evenIfChanged whether somebody's work may go with it
 * @throws {CodedError} SERVICE_UNKNOWN, SERVICE_IN_USE, SERVICE_CHANGED, before anything is removed
 */
export async function removeService(
  root: string,
  name: string,
  options: { readonly evenIfChanged: boolean },
): Promise<void> {
  const known = declaredServices().map((service) => service.name);
  if (!known.includes(name)) {
    throw new CodedError(
      'SERVICE_UNKNOWN',
      `Service '${name}': must be one of the platform (${known.map((one) => `'${one}'`).join(', ')}), got none of them; ${PLATFORM_FILE} lists them`,
    );
  }
  refuseIfUsed(root, name);
  if (!options.evenIfChanged) await refuseIfChanged(root, name);
  unregister(root, name);
  rmSync(path.join(root, 'services', name), { recursive: true });
  for (const file of goldenFilesOf(name)) rmSync(path.join(root, file), { force: true });
}

/** Golden files of its alone. */
function goldenFilesOf(name: string): readonly string[] {
  return [
    `tests/golden/staging/${name}.golden.yaml`,
    `tests/golden/boards/meridian-service-${name}.golden.jsonl`,
  ];
}

/** What others import of it would no longer be there. */
function refuseIfUsed(root: string, name: string): void {
  const users = globSync('{components,infra,jobs,services,stacks,tests,tools}/**/*.ts', {
    cwd: root,
    exclude: (entry) => entry === 'node_modules' || entry === 'gen' || entry === name,
  }).filter(
    (file) =>
      file !== PLATFORM_FILE &&
      readFileSync(path.join(root, file), 'utf8').includes(`'@meridian/${name}/`),
  );
  if (users.length === 0) return;
  throw new CodedError(
    'SERVICE_IN_USE',
    `Service '${name}': must be imported by nobody before it is removed, got ${users.slice(0, 5).join(', ')}${users.length > 5 ? ` and ${users.length - 5} more` : ''}; remove its imports there`,
  );
}

async function refuseIfChanged(root: string, name: string): Promise<void> {
  const folder = path.join(root, 'services', name);
  const written = await writtenFiles(root, name);
  const there = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).includes('gen'));
  const changed = [...new Set([...there, ...Object.keys(written)])].filter((file) => {
    const onDisk = path.join(folder, file);
    return !existsSync(onDisk) || readFileSync(onDisk, 'utf8') !== written[file];
  });
  if (changed.length === 0) return;
  throw new CodedError(
    'SERVICE_CHANGED',
    `Service '${name}': must be as new-service wrote it to go without a question, got (of somebody's work, or of a service that it did not make) other content in ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}; give --yes to remove it all the same`,
  );
}

/** What new-service would write for a service like the one that is there. */
async function writtenFiles(root: string, name: string): Promise<Readonly<Record<string, string>>> {
  const folder = path.join(root, 'services', name);
  const service = declaredServices().find((one) => one.name === name);
  const resource = service?.contract?.methods
    .map((method) => /^Get(\w+)$/.exec(method.name)?.[1]?.toLowerCase())
    .find((found) => found !== undefined);
  const consumes = await Promise.all(
    (service?.consumes ?? []).map(({ name: topic }) => topicOf(root, topic.split('.')[0] ?? '')),
  );
  const files = newServiceFiles({
    ...namesOf(name, resource),
    slot: service?.slot ?? 0,
    isPublic: service?.exposure === 'public',
    publishes: existsSync(path.join(folder, 'topics.ts')),
    consumes,
  });
  return await formatted(files, folder);
}
