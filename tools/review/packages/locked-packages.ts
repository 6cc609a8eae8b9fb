import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';

/** What is read of an entry. Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
const ENTRY = z.looseObject({
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
});

const LOCKFILE = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), ENTRY),
});

/** Where a lockfile says that a package comes from when it comes from whatever registry is in use. */
const PUBLIC_REGISTRY = 'https://registry.npmjs.org';

const FOLDER = /^(?:[A-Za-z0-9@_][\w.@+-]*\/)*[A-Za-z0-9@_][\w.@+-]*$/;

/** SHA-512, as the registry says it of every package that is published (Subresource Integrity). */
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * The folders of the workspaces of a lockfile, which may be anybody's. Every other entry must be a package of the
 * registry, held to its content: npm would clone, download and link whatever an entry names.
 *
 * @param registry the address of the registry in use
 * @throws {CodedError} LOCKFILE_ENTRY_REFUSED
 */
export function lockedWorkspaces(text: string, registry: string): readonly string[] {
  const { packages } = parsed(text);
  const workspaces = Object.keys(packages).filter((folder) => isWorkspace(folder));
  const origins = [new URL(registry).origin, PUBLIC_REGISTRY];
  for (const [folder, entry] of Object.entries(packages)) {
    if (folder === '' || workspaces.includes(folder)) continue;
    const problem = problemOf(folder, entry, { workspaces, origins });
    if (problem !== undefined) throw refused(folder, problem);
  }
  return workspaces;
}

function isWorkspace(folder: string): boolean {
  return FOLDER.test(folder) && !folder.split('/').includes('node_modules');
}

function problemOf(
  folder: string,
  { resolved, integrity, link = false, inBundle = false }: z.infer<typeof ENTRY>,
  known: { readonly workspaces: readonly string[]; readonly origins: readonly string[] },
): string | undefined {
  if (!FOLDER.test(folder)) return 'another folder';
  if (link) {
    return known.workspaces.includes(resolved ?? '') ? undefined : `a link to '${resolved}'`;
  }
  if (resolved !== undefined && !known.origins.includes(originOf(resolved))) {
    return `'${resolved}'`;
  }
  // What a package brings along is part of its content.
  if (integrity === undefined) return inBundle ? undefined : 'no integrity';
  return INTEGRITY.test(integrity) ? undefined : `integrity '${integrity}'`;
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

function parsed(text: string): z.infer<typeof LOCKFILE> {
  try {
    return LOCKFILE.parse(JSON.parse(text));
  } catch (cause) {
    throw new CodedError(
      'LOCKFILE_ENTRY_REFUSED',
      `File 'package-lock.json': must be a lockfile of version 3, got something else; have npm 10 or newer write it`,
      { cause },
    );
  }
}

function refused(folder: string, got: string): CodedError {
  return new CodedError(
    'LOCKFILE_ENTRY_REFUSED',
    `Entry ${JSON.stringify(folder)} of package-lock.json: must be a package of the registry with its SHA-512, or a link to a workspace, got ${got}; have npm write the lockfile, and depend on what is published`,
  );
}
