import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What of the program makes objects of declarations. */
const MAKING = '{components,infra,jobs,stacks}/**/*.ts';
const OTHERS = /(?:^|\/)(?:node_modules|gen|testing)\/|\.(?:test|d)\.ts$/;

/** Further from what makes an object, a file has to do with everything. */
const FURTHEST = 3;

/** How a file says that it makes objects of a kind: as an object, by its type, by a construct of cdk8s, or as a resource of a cloud. */
const KINDS =
  /\bkind: '([A-Z]\w+)'|\bk8s\.([A-Z]\w+)\b|\bKube([A-Z]\w+)\.manifest\b|\bnew (?:[a-z]\w*\.)*([A-Z]\w+)\(/g;
const CHARTS = /\bchart: \{\s*name: '([\w-]+)'/g;
const IMPORTS = /\bfrom '(\.[^']+|@meridian\/components\/[^']+)'/g;

/** Which files of a program make objects of which kinds, and what they import. */
export interface ObjectMakers {
  /**
   * Files that objects of a kind are made by, with how far from it each is: 0 where it is made, 1 where what makes it is
   * called, and one more for each import. A chart is a kind of its own, such as 'chart loki'.
   */
  readonly distancesOf: (kind: string) => ReadonlyMap<string, number>;
  /** Kinds all of whose words are among these: of 'every-pod-has-a-network-policy' NetworkPolicy. */
  readonly kindsIn: (words: ReadonlySet<string>) => readonly string[];
}

/** Reads a folder of the program; nothing of it is run. */
export function objectMakers(folder: string): ObjectMakers {
  const files = globSync(MAKING, { cwd: folder }).filter((file) => !OTHERS.test(file));
  const imports = new Map<string, readonly string[]>();
  const makers = new Map<string, string[]>();
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    imports.set(file, importsOf(file, text));
    const kinds = [...text.matchAll(KINDS)].flatMap((found) => found.slice(1).filter(Boolean));
    const charts = [...text.matchAll(CHARTS)].map(([, name = '']) => `chart ${name}`);
    for (const kind of new Set([...kinds, ...charts])) {
      makers.set(kind, [...(makers.get(kind) ?? []), file]);
    }
  }
  const known = new Map<string, ReadonlyMap<string, number>>();
  return {
    distancesOf: (kind) => {
      const found = known.get(kind) ?? distances(makers.get(kind) ?? [], imports);
      known.set(kind, found);
      return found;
    },
    kindsIn: (words) =>
      [...makers.keys()].filter((kind) => {
        const parts = partsOf(kind);
        return parts.length > 1 && parts.every((part) => words.has(part));
      }),
  };
}

/** The words of a name, in small letters: of 'NetworkPolicy' 'network' and 'policy'. */
export function partsOf(name: string): readonly string[] {
  return name
    .split(/(?<=[a-z\d])(?=[A-Z])|[^A-Za-z\d]+/)
    .filter(Boolean)
    .map((part) => part.toLowerCase());
}

function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(IMPORTS)].map(([, from = '']) =>
    from.startsWith('@meridian/')
      ? from.slice('@meridian/'.length)
      : path.join(path.dirname(file), from),
  );
}

function distances(
  makers: readonly string[],
  imports: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const made = new Set(makers);
  const callers = [...imports].filter(
    ([file, imported]) => !made.has(file) && imported.some((one) => made.has(one)),
  );
  const found = new Map<string, number>(makers.map((file) => [file, 0]));
  for (const [file] of callers) found.set(file, 1);
  for (let distance = 0; distance < FURTHEST; distance += 1) {
    for (const [file] of [...found].filter(([, at]) => at === distance)) {
      for (const imported of imports.get(file) ?? []) {
        if (!found.has(imported)) found.set(imported, distance + 1);
      }
    }
  }
  return found;
}
