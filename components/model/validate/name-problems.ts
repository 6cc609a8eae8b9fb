import type { PlatformProps } from '../platform.ts';
import { PLATFORM_FILE, quoted, serviceFile, taskFile } from './problem.ts';
import type { Problem } from './problem.ts';

/**
 * Longest name of a service or task: with zone, ordinal and a release's suffix it still fits the 63
 * characters of a Kubernetes label, and with them the 40 of a process of a zone agent.
 */
export const MAX_NAME_LENGTH = 32;

/** Longest name of a zone; it is part of every replica's name. */
export const MAX_ZONE_NAME_LENGTH = 4;

/**
 * An RFC 1123 label that starts with a letter, as RFC 1035 asks of the names of Kubernetes
 * Services.
 */
export const RFC1123_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** SPIFFE-ID, section 2.1: lower-case letters, digits, dots, dashes and underscores. */
const TRUST_DOMAIN = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;
const MAX_TRUST_DOMAIN_LENGTH = 255;

/** The last part of the edge's SPIFFE ID. */
const EDGE_IDENTITY = 'edge';

/** A problem when a name is not a label of at most so many characters. */
export function labelProblem(
  subject: string,
  name: string,
  maxLength: number,
  file: string,
): Problem[] {
  if (RFC1123_LABEL.test(name) && name.length <= maxLength) return [];
  return [
    {
      subject,
      rule: `name must be 1 to ${maxLength} lower-case letters, digits and hyphens, with a letter first and no hyphen last (RFC 1123)`,
      given: name.length > maxLength ? `${name.length} characters` : quoted(name),
      fix: `rename it in ${file}`,
    },
  ];
}

/** A problem for each name that occurs more than once. */
export function duplicateProblems(
  names: readonly string[],
  subject: (name: string) => string,
  rule: string,
  fix: string,
): Problem[] {
  const repeated = new Set(names.filter((name, position) => names.indexOf(name) !== position));
  return [...repeated].map((name) => ({
    subject: subject(name),
    rule,
    given: `${names.filter((other) => other === name).length} of them`,
    fix,
  }));
}

/** Names of the platform, its services and its tasks. */
export function nameProblems(platform: PlatformProps): Problem[] {
  const tasks = platform.tasks ?? [];
  const { name, trustDomain } = platform;
  return [
    ...labelProblem(`Platform '${name}'`, name, MAX_NAME_LENGTH, PLATFORM_FILE),
    ...trustDomainProblems(name, trustDomain),
    ...platform.services.flatMap((service) =>
      labelProblem(
        `Service '${service.name}'`,
        service.name,
        MAX_NAME_LENGTH,
        serviceFile(service.name),
      ),
    ),
    ...tasks.flatMap((task) =>
      labelProblem(`Task '${task.name}'`, task.name, MAX_NAME_LENGTH, taskFile(task)),
    ),
    ...duplicateProblems(
      [EDGE_IDENTITY, ...[...platform.services, ...tasks].map((declared) => declared.name)],
      (repeated) => `Name '${repeated}'`,
      "names of services and tasks must be unique, and 'edge' is the edge's own",
      `rename all but one and list each once in ${PLATFORM_FILE}`,
    ),
    ...tasks
      .filter((task) => !/^[\w-]+(\/[\w-]+)*\/[\w.-]+\.ts$/.test(task.entry))
      .map((task) => ({
        subject: `Task '${task.name}'`,
        rule: "entry must be the path of a TypeScript file from the program's root",
        given: quoted(task.entry),
        fix: 'set it where the task is declared',
      })),
  ];
}

function trustDomainProblems(name: string, trustDomain: string): Problem[] {
  if (TRUST_DOMAIN.test(trustDomain) && trustDomain.length <= MAX_TRUST_DOMAIN_LENGTH) return [];
  return [
    {
      subject: `Platform '${name}'`,
      rule: `trustDomain must be 1 to ${MAX_TRUST_DOMAIN_LENGTH} lower-case letters, digits, dots, dashes and underscores (SPIFFE-ID 2.1)`,
      given: quoted(trustDomain),
      fix: 'set it in stacks/<stack>.ts',
    },
  ];
}
