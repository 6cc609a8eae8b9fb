import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What a provider's source says of one property. */
export interface ReplacementFact {
  /**
   * When another value makes another resource: always; only where the program still gives one; only where the whole block comes or
   * goes; or by a condition of the provider's code.
   */
  readonly when: 'always' | 'given' | 'block' | 'condition';
  /** Package or file, function and line of the source that `sources` names. */
  readonly at: string;
}

/** The generated table (`npm run generate:clouds -- --replacements FOLDER`). */
export interface ReplacementFacts {
  /** Provider and version by package of Pulumi. */
  readonly sources: Readonly<Record<string, string>>;
  /** By type, by property: keys from the root, `*` is every member of a list. What is not named changes in place. */
  readonly types: Readonly<Record<string, Readonly<Record<string, ReplacementFact>>>>;
}

/** Where the table is, from the program's root. */
export const REPLACEMENT_FACTS_FILE = 'providers/rehearsal/clouds/replaced/gen/replaced.json';

let facts: ReplacementFacts | undefined;

/** The table of this program. */
export function replacementFacts(): ReplacementFacts {
  const file = path.join(import.meta.dirname, 'gen/replaced.json');
  facts ??= JSON.parse(readFileSync(file, 'utf8')) as ReplacementFacts;
  return facts;
}
