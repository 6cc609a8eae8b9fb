import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import type { Finding } from '../finding.ts';

/** Dangers that are what a rule refuses of the same object. */
const REFUSED_AS: Readonly<Record<string, readonly ChangeKind[]>> = {
  'data-are-protected': ['data-unprotected'],
  'volumes-are-kept': ['data-unprotected'],
  'records-are-kept-for-a-day': ['retention-cut'],
  'every-pod-has-a-network-policy': ['newly-reachable'],
  'nothing-is-open-to-everybody': ['newly-reachable'],
  'nothing-bypasses-the-edge': ['newly-reachable'],
  'rights-are-named': ['rights-for-all'],
  'nobody-is-administrator': ['rights-for-all'],
  'engines-speak-tls-alone': ['sign-in-dropped', 'trust-changed'],
  'namespaces-enforce-pod-security': ['policy-weakened'],
};
/** A rule that is broken by every pod of a namespace, and not by the object that opens it. */
const OF_NAMESPACE = 'every-pod-has-a-network-policy';

/**
 * Tells what rules refuse of an object with the danger that it is, where that is told of the same object: one mistake is one
 * finding. What no danger says is told as the rule says it.
 *
 * @param titles of which object each finding is
 */
export function withRules(
  findings: readonly Finding[],
  refused: readonly Finding[],
  titles: ReadonlyMap<Finding, string>,
): readonly Finding[] {
  const joined = new Map<Finding, string[]>();
  const others = refused.filter((broken) => {
    const danger = findings.find((one) => isRefused(broken, one, titles.get(one) ?? ''));
    if (danger === undefined) return true;
    const rule = `rule ${broken.property ?? ''}`;
    const said = broken.property === OF_NAMESPACE ? broken.subject : rule;
    joined.set(danger, [...new Set([...(joined.get(danger) ?? []), said])]);
    return false;
  });
  return [
    ...findings.map((finding) => {
      const follows = joined.get(finding);
      return follows === undefined ? finding : { ...finding, follows };
    }),
    ...others,
  ];
}

function isRefused(broken: Finding, finding: Finding, title: string): boolean {
  const rule = broken.property ?? '';
  if (REFUSED_AS[rule]?.includes(finding.kind) !== true) return false;
  return rule === OF_NAMESPACE
    ? finding.among === 'connections' && namespaceOf(title) === namespaceOf(broken.subject)
    : title === broken.subject;
}

/** Of 'Rollout meridian/orders' the namespace. */
function namespaceOf(title: string): string {
  return /^\S+ ([^/]+)\//.exec(title)?.[1] ?? '';
}

/** Programs that come from another registry: that is one change, however many objects have them. */
export function imagesTogether(findings: readonly Finding[]): readonly Finding[] {
  const elsewhere = findings.filter(({ kind }) => kind === 'images-elsewhere');
  const groups = Map.groupBy(elsewhere, ({ before, after }) => JSON.stringify([before, after]));
  return [
    ...findings.filter(({ kind }) => kind !== 'images-elsewhere'),
    ...[...groups.values()].flatMap(([first, ...more]) =>
      first === undefined
        ? []
        : more.length === 0
          ? [first]
          : [
              {
                ...first,
                ...{ subject: 'registry', among: 'registries' },
                follows: [...new Set([first, ...more].map(({ subject }) => subject))].toSorted(),
              },
            ],
    ),
  ];
}

/** What the graph says that everything has another name by. */
const NAMES: ReadonlySet<string> = new Set(['trust domain', 'name']);
/** What another name shows in objects as. */
const OF_A_NAME: ReadonlySet<ChangeKind> = new Set([
  ...(['trust-changed', 'rights-added', 'rights-removed', 'object-changed'] as const),
]);

/**
 * Findings of the graph and of objects without what only repeats: where everything has another name, an object in which that name
 * is the only difference is told with it.
 */
export function toldOnce(
  graph: readonly Finding[],
  objects: readonly Finding[],
): readonly Finding[] {
  const following = new Map<Finding, readonly Finding[]>();
  let left = objects;
  for (const named of graph.filter((one) => NAMES.has(one.property ?? ''))) {
    const found = new Set(left.filter((one) => isOfName(named, one, left)));
    following.set(named, [...found]);
    left = left.filter((one) => !found.has(one));
  }
  return [
    ...graph.map((finding) => {
      const found = following.get(finding) ?? [];
      if (found.length === 0) return finding;
      const dangers = found.filter(({ kind }) => SEVERITIES[kind].level !== 'note');
      return {
        ...finding,
        follows: [...new Set(dangers.map(({ subject }) => subject))].toSorted(),
      };
    }),
    ...left,
  ];
}

function isOfName(
  { kind, before: old, after: now }: Finding,
  finding: Finding,
  all: readonly Finding[],
): boolean {
  if (kind !== 'trust-changed' || old === undefined || now === undefined) return false;
  if (!OF_A_NAME.has(finding.kind)) return false;
  const renamed = (text: string): string => text.replaceAll(old, () => now);
  const { before, after, property = '', subject } = finding;
  if (before !== undefined && after !== undefined) {
    // Of what is cut nobody sees whether it is the same.
    return !before.endsWith('…') && before !== after && renamed(before) === after;
  }
  // A right is named by what it gives, and goes under one name and comes under the other.
  return all.some(
    (other) =>
      other.subject === subject &&
      ((finding.kind === 'rights-removed' &&
        other.kind === 'rights-added' &&
        renamed(property) === other.property) ||
        (finding.kind === 'rights-added' &&
          other.kind === 'rights-removed' &&
          renamed(other.property ?? '') === property)) &&
      other.property !== property,
  );
}

/**
 * Findings of settings and of objects without what one says of the other: where settings lead to a system outside, the Secret of that
 * name holds its address; and that all programs come from elsewhere is said by these.
 */
export function settingsOnce(
  files: readonly Finding[],
  objects: readonly Finding[],
): { readonly files: readonly Finding[]; readonly objects: readonly Finding[] } {
  const isElsewhere = objects.some(({ kind }) => kind === 'images-elsewhere');
  const outside = files.filter(({ subject }) => subject === 'meridian:externals');
  return {
    files: files.filter(({ subject }) => !(isElsewhere && subject === 'meridian:registry')),
    objects: objects.filter(({ kind, subject, property }) => {
      const [, name] = /\/external-(.+)-binding$/.exec(subject) ?? [];
      const isAddress = kind === 'secret-changed' && property === 'data.uri';
      return !(isAddress && name !== undefined && outside.some((one) => isOfSystem(one, name)));
    }),
  };
}

function isOfSystem({ property = '', before = '', after = '' }: Finding, name: string): boolean {
  return [property, before, after].some((text) => text.includes(name));
}
