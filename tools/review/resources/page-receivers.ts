import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { objectsIn, textOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import { shortDigest } from '../digest/short-digest.ts';
import { missingIn, short } from './aspect.ts';
import type { Told } from './aspect.ts';

/** Whom Alertmanager tells, by name. */
export type Receivers = ReadonlyMap<string, Fields>;

/** The receivers of a configuration of Alertmanager. */
export function receiversIn(configuration: Fields): Receivers {
  return new Map(objectsIn(configuration['receivers']).map((one) => [textOf(one['name']), one]));
}

/** Severities of PagerDuty that wake nobody. Source: PagerDuty, Events API v2; components/observability/paging/pager.ts. */
const QUIET: ReadonlySet<string> = new Set(['warning', 'info']);

/** Whether a receiver tells anybody at all. */
export function tellsSomebody(receiver: Fields | undefined): boolean {
  return configurationsOf(receiver).length > 0;
}

/** Whether a receiver wakes somebody. */
export function wakes(receiver: Fields | undefined): boolean {
  return configurationsOf(receiver).some(({ severity }) => !QUIET.has(textOf(severity)));
}

function configurationsOf(receiver: Fields | undefined): readonly Fields[] {
  return Object.entries(receiver ?? {}).flatMap(([name, list]) =>
    name.endsWith('_configs') ? objectsIn(list) : [],
  );
}

/** What people read of an alert, and no more. */
const WORDS =
  /\.(?:description|details|links|images|client|client_url|class|component|group|source|title|text|message)\b/;
/** Where an alert goes, or by which key: told by what it is a digest of, unless it is only a reference. */
const ADDRESS = /\b\w*(?:url|key|token|secret|password|credentials|http_config|authorization)\w*\b/;
const REFERENCE = /_file\b/;

/** What becomes of receivers that both sides have; one that is gone is told by the routes that led to it. */
export function receiverChanges(before: Receivers, after: Receivers): readonly Told[] {
  return [...after].flatMap(([name, is]) => {
    const was = before.get(name);
    if (was === undefined) return [];
    if (tellsSomebody(was) && !tellsSomebody(is)) return [silenced(name, was)];
    const places = changesBetween(was, is).map(({ path }) => pathText(path));
    const words = places.filter((place) => WORDS.test(place));
    return [
      ...missingIn(places, words).map((place) => receiverChange(name, place, was, is)),
      ...(words.length === 0 ? [] : [wordsOf(name)]),
    ];
  });
}

function silenced(name: string, was: Fields): Told {
  return {
    kind: wakes(was) ? 'page-lost' : 'ticket-lost',
    ...{ subject: `receiver ${name}`, among: 'receivers', before: 'there', after: 'nobody' },
    consequence: 'what is sent to it reaches nobody',
  };
}

function wordsOf(name: string): Told {
  return {
    kind: 'words-changed',
    ...{ subject: `receiver ${name}`, among: 'receivers', property: 'words' },
    consequence: 'whoever is told reads something else',
  };
}

function receiverChange(name: string, place: string, was: Fields, is: Fields): Told {
  const isQuieter = wakes(was) && !wakes(is);
  const sideOf = (side: Fields): string => shownSide(place, valueAt(side, place));
  return {
    kind: isQuieter ? 'page-lost' : wakes(was) ? 'page-rerouted' : 'alert-loosened',
    subject: `receiver ${name}`,
    among: 'receivers',
    property: place.replace(/^.*\]\./, ''),
    before: sideOf(was),
    after: sideOf(is),
    consequence: isQuieter
      ? 'nobody is woken by what is sent to it'
      : 'what is sent to it may reach somebody else, or nobody',
  };
}

function shownSide(place: string, value: unknown): string {
  const isShown = value === undefined || REFERENCE.test(place) || !ADDRESS.test(place);
  if (isShown && typeof value !== 'object') return short(value);
  return shortDigest(JSON.stringify(value));
}
