import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import { alertChanges } from './alert-rules.ts';
import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import type { DeclaredGraphs } from './declared-graphs.ts';
import { keptLine } from './kept.ts';
import { isOfPaging, pagingChanges } from './paging.ts';
import { parsedText } from './parsed-text.ts';
import { ruleChanges } from './rule-changes.ts';
import { isOfScrapes } from './scrape-findings.ts';

/** How long a store of logs, metrics or traces keeps what it has, under its own names. */
const RETENTION = /retention(?:_period|_size|\.time|\.size)?$|\bkeep_?days$/i;
/** Where a program is told whom to believe, and what it shows. */
const TRUST =
  /(?:\btls\w*|_ca\b|ca_file|cert_file|key_file|client_auth\w*|client_ca\w*|auth_enabled|web\.config)\b/i;

/** So many settings of a text are told one by one. */
const SHOWN = 5;
/** So much of the way to a setting has room on a line. */
const PLACE_MAX = 50;

/** What a change of texts does that engines read, by what stands in them. */
export function configurationTexts(field: RegExp): Aspect {
  return {
    field,
    isOfWholes: true,
    tell: ({ name, operation, before, after, declared }, lines) => {
      if (operation === 'create' || operation === 'delete') {
        return textsOf(operation === 'create' ? after : before).flatMap(([, text]) =>
          operation === 'create'
            ? alertChanges({}, parsed(text))
            : [...alertChanges(parsed(text), {}), ...pagingChanges(parsed(text), {})],
        );
      }
      return lines.flatMap((line) => textChange(name, line, declared));
    },
  };
}

function textsOf(object: unknown): readonly (readonly [string, unknown])[] {
  const data = valueAt(object, 'data');
  return typeof data === 'object' && data !== null ? Object.entries(data) : [];
}

function textChange(
  name: string,
  { property, before, after }: PropertyLine,
  declared: DeclaredGraphs | undefined,
): readonly Told[] {
  const file = /\["(.+)"\]$/.exec(property)?.[1] ?? property;
  const [was, is] = [parsed(before), parsed(after)];
  if (isOfRules(was) || isOfRules(is)) return ruleChanges(was, is, declared);
  if (isOfPaging(was) || isOfPaging(is)) return pagingChanges(was, is);
  if (file.endsWith('.json')) {
    return [{ kind: 'words-changed', property: file, consequence: 'a board shows something else' }];
  }
  const all = changesBetween(was, is).map(({ path }) => {
    const place = pathText(path);
    return { property: place, before: valueAt(was, place), after: valueAt(is, place) };
  });
  const ofScrapes = all.filter(({ property: place }) => isOfScrapes(place));
  const told = all.filter((line) => !ofScrapes.includes(line));
  const ofRetention = told.filter((line) => RETENTION.test(line.property));
  const ofTrust = told.filter(
    (line) => !RETENTION.test(line.property) && TRUST.test(line.property),
  );
  const others = told.filter((line) => !ofRetention.includes(line) && !ofTrust.includes(line));
  return [
    ...ofRetention.map(keptLine),
    ...ofTrust.map((line): Told => ({
      kind: 'trust-changed',
      property: `${file}: ${line.property}`,
      ...sides(line),
      consequence: 'it believes others, or shows itself otherwise',
    })),
    ...others.slice(0, SHOWN).map((line): Told => ({
      kind: 'unknown-change',
      // The end of a way says which setting it is.
      property:
        line.property.length > PLACE_MAX ? `…${line.property.slice(-PLACE_MAX)}` : line.property,
      ...sides(line),
      consequence: `${name} reads another setting`,
    })),
    ...(others.length > SHOWN
      ? [
          {
            kind: 'unknown-change' as const,
            property: `${others.length - SHOWN} settings more of ${file}`,
            consequence: `${name} reads other settings`,
          },
        ]
      : []),
    ...(ofScrapes.length > 0 ? [SCRAPED_OTHERWISE] : []),
  ];
}

/** Of which job is told of all objects together. */
const SCRAPED_OTHERWISE: Told = {
  kind: 'object-changed',
  property: 'scrape_configs',
  consequence: 'it asks others for their metrics, or asks them otherwise, which is told by jobs',
};

function isOfRules(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'groups'));
}

/** YAML or JSON as a value; any other text as it is. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const found = parsedText(text);
  // A text of no such form is compared as a whole.
  return found === undefined ? text : found.value;
}
