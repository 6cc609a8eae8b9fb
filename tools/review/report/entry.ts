import type { JudgedFinding } from '../stack-review.ts';
import { severityOf } from './level-of.ts';
import { cutAlike } from '../cut-alike.ts';
import { shownProperty } from './shown-property.ts';
import { shownText } from './shown-text.ts';

/** What is told as one: a finding, or several that have so much in common. */
export interface Entry {
  readonly findings: readonly [JudgedFinding, ...JudgedFinding[]];
  /** As its line begins, such as 'CALL ADDED'. */
  readonly what: string;
  /** Such as 'search → payments.ListPayments' or '12 services', with the property. */
  readonly phrase: string;
  /** Such as '3 → 2'; empty where nothing is compared, or where not all have the same. */
  readonly change: string;
  /** Empty where not all have the same. */
  readonly consequence: string;
  /** Such as 'services/search/service.ts:22', or that of the first and how many there are besides. */
  readonly place: string;
  /** Whom it is about, where the phrase only counts them; else empty. */
  readonly names: readonly string[];
}

/**
 * How findings are told together: each by itself, those that differ in their subject alone together, or all of a
 * kind together; a few are those that differ in their subject alone, with the names of a few of them.
 */
export type Merging = 'none' | 'few' | 'alike' | 'kind';

/** Two that are alike are still told each with its line, unless nothing may be said twice; from three on they are one. */
const ALIKE_FROM: Readonly<Record<Merging, number>> = { none: Infinity, few: 2, alike: 3, kind: 2 };

/** Findings as they are told, in the order of the first of each. */
export function entriesOf(findings: readonly JudgedFinding[], merging: Merging): readonly Entry[] {
  if (merging === 'none') return findings.map((finding) => single(finding, merging));
  const groups = Map.groupBy(findings, merging === 'kind' ? ({ kind }) => kind : likeness);
  const told = [...groups.values()].flatMap((group) =>
    group.length >= ALIKE_FROM[merging]
      ? [together(group, merging)]
      : group.map((finding) => single(finding, merging)),
  );
  const order = new Map(findings.map((finding, index) => [finding, index]));
  const at = ({ findings: [first] }: Entry): number => order.get(first) ?? 0;
  return told.toSorted((left, right) => at(left) - at(right));
}

function likeness(finding: JudgedFinding): string {
  const { kind, among, property, before, after, consequence } = finding;
  return JSON.stringify([kind, among, property, before, after, consequence]);
}

function single(finding: JudgedFinding, merging: Merging): Entry {
  const { kind, subject, property, consequence, follows = [] } = finding;
  const names = follows.map((name) => shownText(name));
  const all = names.length === 0 ? '' : ` (+${names.length}: ${fewOf(names)})`;
  return {
    findings: [finding],
    what: severityOf(kind).what,
    phrase: `${withProperty(shownText(subject), property)}${merging === 'none' ? '' : all}`,
    change: changeOf(finding),
    consequence: shownText(consequence, CONSEQUENCE_MAX),
    place: placeOf(finding),
    names: merging === 'none' ? names : [],
  };
}

const CONSEQUENCE_MAX = 200;

function together(group: readonly JudgedFinding[], merging: Merging): Entry {
  const [first, ...others] = group;
  if (first === undefined) throw new Error('a group has at least one finding');
  const { kind, among, property, consequence } = first;
  const subjects = group.map(({ subject }) => shownText(subject));
  const isAmongOne = others.every((other) => other.among === among);
  const counted = `${group.length} ${isAmongOne ? shownText(among, 40) : 'changes'}`;
  const places = [...new Set(group.map(placeOf))].filter((place) => place !== '');
  const [place = ''] = places;
  return {
    findings: [first, ...others],
    what: severityOf(kind).what,
    phrase:
      merging === 'kind'
        ? counted
        : withProperty(merging === 'few' ? `${counted} (${fewOf(subjects)})` : counted, property),
    change: merging === 'kind' ? '' : changeOf(first),
    consequence: merging === 'kind' ? '' : shownText(consequence, CONSEQUENCE_MAX),
    place: places.length > 1 ? `${place} +${places.length - 1}` : place,
    names: merging === 'few' ? [] : subjects,
  };
}

/** So many names say what is meant; all of them stand below the fold. */
const FEW = 3;

function fewOf(names: readonly string[]): string {
  const more = names.length - FEW;
  return `${names.slice(0, FEW).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function withProperty(subject: string, property: string | undefined): string {
  return property === undefined ? subject : `${subject}: ${shownProperty(property)}`;
}

/** So much of a value has room on a line, and so much of it is looked at for what differs. */
const VALUE_MAX = 60;
const READ_MAX = 1_000;

/** What a property was and is: by what differs of them, where they are long. */
function changeOf({ before, after }: JudgedFinding): string {
  if (before !== undefined && after !== undefined) {
    const [was, is] = cutAlike(shownText(before, READ_MAX), shownText(after, READ_MAX), VALUE_MAX);
    return `${was} → ${is}`;
  }
  if (before !== undefined) return `was ${shownText(before, 2 * VALUE_MAX)}`;
  return after === undefined ? '' : `now ${shownText(after, 2 * VALUE_MAX)}`;
}

/** The line to blame; empty where there is none. */
export function placeOf({ at }: Pick<JudgedFinding, 'at'>): string {
  return at === undefined ? '' : `${shownText(at.file, 80)}:${at.line}`;
}
