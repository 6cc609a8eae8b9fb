import { listOf, textOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { wholePattern } from './rule-reach.ts';

/** Labels of a target or a series, by their names. */
export type Labels = ReadonlyMap<string, string>;

/** What becomes of a target or a series: whether it is kept, and under which labels. */
export type Relabelled =
  | { readonly outcome: 'kept'; readonly labels: Labels }
  | { readonly outcome: 'dropped'; readonly by: Fields }
  /** By a label of which nothing is known. */
  | { readonly outcome: 'unsure'; readonly by: Fields };

/**
 * What rules of relabelling make of some labels. Source: Prometheus 3, "Configuration", relabel_config; an action that is not
 * here leaves things as they are.
 */
export function relabelled(rules: readonly Fields[], given: Labels): Relabelled {
  const labels = new Map(given);
  const known = new Set(given.keys());
  for (const rule of rules) {
    const action = textOf(rule['action']) || 'replace';
    const sources = listOf(rule['source_labels']).map(wordOf);
    const value = sources.map((name) => labels.get(name) ?? '').join(separatorOf(rule));
    const pattern = wholePattern(patternOf(rule));
    const match = pattern?.exec(value);
    if (action === 'keep' || action === 'drop') {
      const isDropped = (match === null) === (action === 'keep');
      if (!sources.every((name) => known.has(name)) || pattern === undefined) {
        // A label that a target lacks is empty; one of which nobody knows may be anything.
        if (action === 'keep' || pattern === undefined) return { outcome: 'unsure', by: rule };
        continue;
      }
      if (isDropped) return { outcome: 'dropped', by: rule };
    }
    if (action === 'replace' && match !== null && match !== undefined) {
      const target = textOf(rule['target_label']);
      const written = replaced(rule, match);
      if (written === '') labels.delete(target);
      else labels.set(target, written);
      known.add(target);
    }
    if (action === 'labeldrop' || action === 'labelkeep') {
      for (const name of labels.keys()) {
        if (pattern?.test(name) === (action === 'labeldrop')) labels.delete(name);
      }
    }
  }
  return { outcome: 'kept', labels };
}

function separatorOf(rule: Fields): string {
  return typeof rule['separator'] === 'string' ? rule['separator'] : ';';
}

function patternOf(rule: Fields): string {
  return textOf(rule['regex'] ?? '(.*)');
}

function replaced(rule: Fields, match: RegExpExecArray): string {
  const replacement = textOf(rule['replacement'] ?? '$1');
  return replacement.replaceAll(
    /\$(?:(\d+)|\{(\d+)\})/g,
    (_all, plain?: string, braced?: string) => match[Number(plain ?? braced)] ?? '',
  );
}

/**
 * Labels of targets that rules keep: a target for each value that they name, with some value of each label that they read. None
 * where it cannot be told from the rules which they keep.
 */
export function keptTargets(rules: readonly Fields[], given: Labels): readonly Labels[] {
  const read = rules.flatMap((rule) => listOf(rule['source_labels']).map(wordOf));
  const named = new Map(
    rules.flatMap((rule): readonly (readonly [string, readonly string[]])[] => {
      const [source, ...others] = listOf(rule['source_labels']).map(wordOf);
      return rule['action'] === 'keep' && source !== undefined && others.length === 0
        ? [[source, namesIn(patternOf(rule))]]
        : [];
    }),
  );
  const first = new Map([
    ...read.map((name) => [name, 'any'] as const),
    ...[...named].map(([name, [value = 'any']]) => [name, value] as const),
    ...given,
  ]);
  const targets = [...named].flatMap(([name, values]) =>
    values.slice(1).map((value) => new Map(first).set(name, value)),
  );
  return [first, ...targets].filter((target) => relabelled(rules, target).outcome === 'kept');
}

/** The names that a pattern matches, where it is a list of them. */
function namesIn(pattern: string): readonly string[] {
  // A character in brackets or behind a backslash is itself.
  const plain = pattern.replaceAll(
    /\[(.)\]|\\(\W)/g,
    (_all, one?: string, two?: string) => one ?? two ?? '',
  );
  const whole = wholePattern(pattern);
  return whole?.test(plain) === true
    ? [plain]
    : pattern.split('|').filter((name) => whole?.test(name) === true);
}
