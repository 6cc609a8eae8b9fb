import { lstatSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isInstalled, noteInstalled } from '../bootstrap/install-packages.mjs';

/** The one file in which a person would name a new service. */
export const PLATFORM_FILE = 'infra/platform.ts';

/**
 * Names a service wherever a tool names all of them: in the platform, in the lockfile and node_modules, in
 * buf's modules and in the Dockerfile. Nothing changes where it is named already.
 */
export function register(root: string, service: string): void {
  keepingPackages(root, () => {
    for (const [file, edit] of registrations(service)) change(root, file, edit.add);
    unlink(root, service);
    symlinkSync(`../../services/${service}`, linkOf(root, service));
  });
}

/** Takes a service out of all of them. */
export function unregister(root: string, service: string): void {
  keepingPackages(root, () => {
    for (const [file, edit] of registrations(service)) change(root, file, edit.remove);
    unlink(root, service);
  });
}

/** The lockfile changes, and node_modules with it: nothing is to be installed again. */
function keepingPackages(root: string, work: () => void): void {
  const installed = isInstalled(root);
  work();
  if (installed) noteInstalled(root);
}

function linkOf(root: string, service: string): string {
  return path.join(root, 'node_modules/@meridian', service);
}

function unlink(root: string, service: string): void {
  const link = linkOf(root, service);
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) unlinkSync(link);
}

interface Edit {
  readonly add: (text: string, root: string) => string;
  readonly remove: (text: string) => string;
}

function registrations(service: string): readonly (readonly [file: string, edit: Edit])[] {
  const line = (text: string, isOfList: (line: string) => boolean): Edit => ({
    add: (content) => withLine(content, text, isOfList),
    remove: (content) => content.replace(`${text}\n`, ''),
  });
  return [
    [
      PLATFORM_FILE,
      line(`export { ${service} } from '@meridian/${service}/service.ts';`, (one) =>
        one.startsWith('export { '),
      ),
    ],
    [
      'buf.yaml',
      line(`  - path: services/${service}/contract/proto`, (one) =>
        one.startsWith('  - path: services/'),
      ),
    ],
    [
      'Dockerfile',
      line(`COPY services/${service}/package.json services/${service}/`, (one) =>
        one.startsWith('COPY services/'),
      ),
    ],
    ['package-lock.json', lockfileEdit(service)],
  ];
}

/** A list's lines with one more, in the order of the rest where they are sorted, else at its end. */
function withLine(content: string, text: string, isOfList: (line: string) => boolean): string {
  const lines = content.split('\n');
  if (lines.includes(text)) return content;
  const list = lines.flatMap((line, index) => (isOfList(line) ? [index] : []));
  const next = list.find((index) => (lines[index] ?? '') > text);
  return lines.toSpliced(next ?? (list.at(-1) ?? -1) + 1, 0, text).join('\n');
}

interface Lockfile {
  readonly packages: Readonly<Record<string, object>>;
}

/** What `npm install --package-lock-only` writes for a workspace; its packages are in the lockfile already. */
function lockfileEdit(service: string): Edit {
  const folder = `services/${service}`;
  const link = `node_modules/@meridian/${service}`;
  const edit = (text: string, entries: Lockfile['packages']): string => {
    const lockfile = JSON.parse(text) as Lockfile;
    const others = Object.entries(lockfile.packages).filter(
      ([name]) => name !== folder && name !== link,
    );
    const packages = [...others, ...Object.entries(entries)].sort(([one], [other]) =>
      one.localeCompare(other, 'en'),
    );
    return `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2)}\n`;
  };
  return {
    add: (text, root) => {
      const manifest = JSON.parse(
        readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
      ) as Readonly<Record<string, unknown>>;
      const { name, version, license, dependencies, devDependencies } = manifest;
      return edit(text, {
        [link]: { resolved: folder, link: true },
        [folder]: { name, version, license, dependencies, devDependencies },
      });
    },
    remove: (text) => edit(text, {}),
  };
}

function change(root: string, name: string, edit: (text: string, root: string) => string): void {
  const file = path.join(root, name);
  const before = readFileSync(file, 'utf8');
  const after = edit(before, root);
  if (after !== before) writeFileSync(file, after);
}
