import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';

/** The names that follow from the name of a service and of what it keeps. */
export interface Names {
  /** Of the service, such as 'notes'. */
  readonly service: string;
  /** Of one thing that it keeps, such as 'note'. */
  readonly resource: string;
  /** 'Notes'. */
  readonly Service: string;
  /** 'Note'. */
  readonly Resource: string;
}

/** Longest name: replicas, labels and packages of contracts carry it (components/model/validate). */
const MAX_LENGTH = 32;

/** The name is a protobuf package, a PostgreSQL role, a label and an identifier: what all of them take. */
const NAME = /^[a-z][a-z0-9]*$/;

/** Folders below services/ and identities of the platform that are not services. */
const OF_THE_PLATFORM = ['edge', 'kit'];

/** What neither JavaScript's modules nor protobuf take as a name (ECMA-262 §12.7.2; protobuf, "Language Specification"). */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield ' +
    'message service rpc option oneof map reserved repeated optional syntax type google meridian postgres public template'
  ).split(' '),
);

/**
 * The names of a new service.
 *
 * @param resource what it keeps. @default the name without its last 's'
 * @param taken names of services and tasks of the platform
 * @throws {CodedError} SERVICE_NAME_UNUSABLE
 */
export function newNames(
  root: string,
  service: string,
  resource: string | undefined,
  taken: readonly string[],
): Names {
  refuse('Service', service, 'name another one');
  if (isWorkspace(root, service)) {
    throw unusable('Service', service, 'of no other package of the program', 'that of one');
  }
  if (taken.includes(service) || existsSync(path.join(root, 'services', service))) {
    throw unusable('Service', service, 'of no other service or task', 'one that is taken');
  }
  const names = namesOf(service, resource);
  refuse('Resource', names.resource, 'give one with --resource');
  if (names.resource === service) {
    const given = `'${service}' for both`;
    throw unusable('Resource', names.resource, 'another word than the service', given);
  }
  return names;
}

/** Whether a package of the program has the name that the service's would have. */
function isWorkspace(root: string, service: string): boolean {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const resolved = packages[`node_modules/@meridian/${service}`]?.resolved;
  return resolved !== undefined && resolved !== `services/${service}`;
}

/** The names of a service that is there. */
export function namesOf(service: string, resource = service.replace(/s$/, '')): Names {
  return { service, resource, Service: capitalised(service), Resource: capitalised(resource) };
}

function refuse(what: string, name: string, fix: string): void {
  if (!NAME.test(name) || name.length > MAX_LENGTH) {
    const allowed = `1 to ${MAX_LENGTH} lower-case letters and digits, with a letter first`;
    throw unusable(what, name, allowed, `'${name}'`, fix);
  }
  if (RESERVED.has(name) || OF_THE_PLATFORM.includes(name)) {
    throw unusable(what, name, 'a word that nothing reserves', 'a reserved one', fix);
  }
}

function unusable(
  what: string,
  name: string,
  allowed: string,
  given: string,
  fix = what === 'Resource' ? 'give one with --resource' : 'name another one',
): CodedError {
  return new CodedError(
    'SERVICE_NAME_UNUSABLE',
    `${what} '${name}': its name must be ${allowed}, got ${given}; ${fix}`,
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
