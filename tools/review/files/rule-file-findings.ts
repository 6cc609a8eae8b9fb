import type { Finding } from '../finding.ts';
import { missingIn } from '../resources/aspect.ts';
import { lineOf } from './changed-tree.ts';

/** Where every rule has its row. */
export const RULES_FILE = 'policies/rules.ts';
/** Where every kind of change has its level. */
export const SEVERITY_FILE = 'policies/severity.ts';

/** Rules that are taken out of the list or added to it, by the names of their values. */
export function ruleListFindings(before: string, after: string): readonly Finding[] {
  const [was, is] = [rulesIn(before), rulesIn(after)];
  return [
    ...missingIn(was, is).map((rule): Finding => ({
      kind: 'policy-weakened',
      subject: rule,
      among: 'rules',
      before: 'there',
      after: 'none',
      consequence: 'what it refused may be deployed',
      at: { file: RULES_FILE, line: lastLineOf(before, rule) },
    })),
    ...missingIn(is, was).map((rule): Finding => ({
      kind: 'policy-strengthened',
      subject: rule,
      among: 'rules',
      before: 'none',
      after: 'there',
      consequence: 'more is refused',
      at: { file: RULES_FILE, line: lastLineOf(after, rule) },
    })),
  ];
}

/** The line of a rule in the list, which stands below what it is imported by. */
function lastLineOf(source: string, rule: string): number {
  const found = source.split('\n').findLastIndex((line) => line.trim() === `${rule},`);
  return found === -1 ? lineOf(source, rule) : found + 1;
}

function rulesIn(source: string): readonly string[] {
  const [, list = ''] = /RULES\b[^=]*=\s*\[([^\]]*)\]/.exec(source) ?? [];
  return list
    .replaceAll(/\/\/.*$/gm, '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** From what matters least. */
const LEVELS = ['none', 'note', 'check', 'danger'] as const;

/** Kinds of changes of which a review would make less, or more. */
export function severityFindings(before: string, after: string): readonly Finding[] {
  const [was, is] = [levelsIn(before), levelsIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .toSorted()
    .flatMap((kind): readonly Finding[] => {
      const [old, now] = [was.get(kind) ?? 'none', is.get(kind) ?? 'none'];
      if (old === now) return [];
      const isWeaker = rankOf(now) < rankOf(old);
      return [
        {
          kind: isWeaker ? 'policy-weakened' : 'policy-strengthened',
          subject: kind,
          among: 'kinds of changes',
          before: old,
          after: now,
          consequence: isWeaker ? 'a review makes less of it' : 'a review makes more of it',
          at: { file: SEVERITY_FILE, line: lineOf(is.has(kind) ? after : before, kind) },
        },
      ];
    });
}

function levelsIn(source: string): ReadonlyMap<string, string> {
  return new Map(
    [...source.matchAll(/^ {2}'?([a-z-]+)'?: (danger|check|note)\(/gm)].map(
      ([, kind = '', level = '']) => [kind, level],
    ),
  );
}

function rankOf(level: string): number {
  return LEVELS.findIndex((one) => one === level);
}
