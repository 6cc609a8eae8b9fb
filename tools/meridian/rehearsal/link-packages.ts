import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Links to the program's own packages, which are in it and not in node_modules. */
const OWN_SCOPE = '@meridian';

/** Gives a copy of the program the packages of another one; its own packages are those of the copy. */
export function linkPackages(from: string, to: string): void {
  const modules = path.join(to, 'node_modules');
  for (const entry of readdirSync(path.join(from, 'node_modules'))) {
    const source = path.join(from, 'node_modules', entry);
    if (entry === OWN_SCOPE) linkOwn(from, to);
    else if (entry !== '.cache') link(source, path.join(modules, entry));
  }
}

function linkOwn(from: string, to: string): void {
  const scope = path.join('node_modules', OWN_SCOPE);
  for (const entry of readdirSync(path.join(from, scope))) {
    // Relative, so in the copy it leads to the copy's own folder.
    const target = readlinkSync(path.join(from, scope, entry));
    link(target, path.join(to, scope, entry));
    const nested = path.join(scope, target, 'node_modules');
    if (!existsSync(path.join(from, nested))) continue;
    // A folder of its own, as that of the root: a sandbox has the packages themselves there.
    for (const name of readdirSync(path.join(from, nested))) {
      link(path.join(from, nested, name), path.join(to, nested, name));
    }
  }
}

function link(target: string, file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file);
}
