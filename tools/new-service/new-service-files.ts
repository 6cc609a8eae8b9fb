import { codeFiles } from './templates/code-files.ts';
import { contractFiles } from './templates/contract-files.ts';
import { declarationFiles } from './templates/declaration-files.ts';
import { migrationFiles } from './templates/migration-files.ts';
import { testFiles } from './templates/test-files.ts';
import type { Names } from './service-name.ts';

/** What a new service is to be. */
export interface NewService extends Names {
  readonly slot: number;
  /** Whether the edge has routes to it. */
  readonly isPublic: boolean;
  /** Whether it tells what happened to what it keeps. */
  readonly publishes: boolean;
  /** Whose events it handles. */
  readonly consumes: readonly Consumed[];
}

/** A topic that another service publishes. */
export interface Consumed {
  readonly service: string;
  /** Name of its export from topics.ts, such as 'catalogEvents'. */
  readonly topic: string;
  /** One of its messages, such as 'ProductCreated'. */
  readonly event: string;
  /** Module of the message below the service's folder. */
  readonly module: string;
}

/** The text of every file of the service, by its path below the service's folder. */
export function newServiceFiles(service: NewService): Readonly<Record<string, string>> {
  return {
    ...declarationFiles(service),
    ...contractFiles(service),
    ...migrationFiles(service),
    ...codeFiles(service),
    ...testFiles(service),
  };
}
