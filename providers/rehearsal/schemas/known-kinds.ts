import { readFileSync } from 'node:fs';
import path from 'node:path';

/** By `apiVersion/kind`, the name of the generated file that has it. */
const index = JSON.parse(readFileSync(generatedFile('index'), 'utf8')) as Readonly<
  Record<string, string>
>;

/** Every kind that there is a schema of, as `apiVersion/kind`. */
export const knownKinds: readonly string[] = Object.keys(index);

/** Names of the generated files that have kinds. */
export const filesOfKinds: readonly string[] = [...new Set(Object.values(index))];

/** The name of the generated file that has a kind; undefined for an unknown one. */
export function fileOfKind(kind: string): string | undefined {
  return index[kind];
}

/**
 * Whether a kind is one of Kubernetes' own, and no operator's.
 *
 * @param kind such as 'batch/v1/Job'
 */
export function isKubernetesOwn(kind: string): boolean {
  return index[kind] === 'kubernetes';
}

/** The API versions in which kinds of this name are served. */
export function kindsNamed(kind: string): readonly string[] {
  return knownKinds
    .filter((known) => known.endsWith(`/${kind}`))
    .map((known) => known.slice(0, -kind.length - 1));
}

/** Where a generated file lies. */
export function generatedFile(name: string): string {
  return path.join(import.meta.dirname, 'gen', `${name}.json`);
}
