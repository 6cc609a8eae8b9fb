import { fieldsOf, objectsIn, textOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../finding.ts';
import { alertsIn, rulesIn } from './alert-rules.ts';
import type { ObjectChange } from './object-change.ts';
import { parsedText } from './parsed-text.ts';
import { matches, ruleReach, wholePattern } from './rule-reach.ts';
import type { SeriesSelection } from './promql-expression.ts';
import { scrapeChanges } from './scrape-changes.ts';
import type { ScrapeChange } from './scrape-changes.ts';

/** A job in one object, as it is asked on both sides. */
interface ScrapedJob {
  readonly job: string;
  /** Such as 'collector-a'. */
  readonly place: string;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

/** What somebody reads of a job. */
interface JobReaders {
  readonly metrics: readonly string[];
  readonly pages: readonly string[];
  readonly tickets: readonly string[];
}

/**
 * What other scrapes do to those who are woken: by jobs, since a job is asked in every zone, and what all of them find
 * no more is seen by nobody.
 */
export function scrapeFindings(changes: readonly ObjectChange[]): readonly Finding[] {
  const isAnother = ({ before, after }: Pick<ObjectChange, 'before' | 'after'>): boolean =>
    !isDeepStrictEqual(before, after);
  const ofChanged = changes.filter(isAnother).flatMap(jobsOf);
  const changed = new Set(
    ofChanged
      .filter(({ before, after }) => !isDeepStrictEqual(before, after))
      .map(({ job }) => job),
  );
  if (changed.size === 0) return [];
  // Where a job is asked as before it is seen as before.
  const jobs = [...ofChanged, ...changes.filter((change) => !isAnother(change)).flatMap(jobsOf)];
  const readers = jobReaders(changes);
  return [...changed].toSorted().flatMap((job) =>
    ofJob(
      job,
      jobs.filter((one) => one.job === job),
      readers,
    ),
  );
}

/** Whether a setting of a text is one of how jobs are asked, which is told by them. */
export function isOfScrapes(property: string): boolean {
  return /(?:^|\.)scrape_configs(?:\[|$)/.test(property);
}

function jobsOf({ kind, name, before, after }: ObjectChange): readonly ScrapedJob[] {
  if (kind !== 'core:ConfigMap') return [];
  const [was, is] = [scrapesIn(before), scrapesIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])].map((job) => ({
    ...{ job, place: name, before: was.get(job), after: is.get(job) },
  }));
}

function scrapesIn(object: Fields | undefined): ReadonlyMap<string, Fields> {
  const texts = Object.values(fieldsOf(object?.['data'])).map(textOf);
  const found = texts
    .filter((text) => text.includes('scrape_configs'))
    .flatMap((text) => {
      const settings = fieldsOf(parsed(text));
      const collector = fieldsOf(fieldsOf(fieldsOf(settings['receivers'])['prometheus'])['config']);
      return [settings, collector].flatMap((one) => objectsIn(one['scrape_configs']));
    });
  return new Map(found.map((one) => [textOf(one['job_name']), one]));
}

function parsed(text: string): unknown {
  // A text of no such form is compared as a whole.
  return parsedText(text)?.value;
}

/** Who reads what of jobs, by the rules that there are after a change. */
function jobReaders(changes: readonly ObjectChange[]): (job: ScrapedJob) => JobReaders {
  const texts = changes
    .filter(({ kind }) => kind === 'core:ConfigMap')
    .flatMap(({ after }) => Object.values(fieldsOf(after?.['data'])).map(textOf))
    .filter((text) => /^groups:/m.test(text));
  const files = texts.map((text) => {
    const rules = parsed(text);
    return { alerts: [...alertsIn(rules).values()], reach: ruleReach(rulesIn(rules)) };
  });
  const read = files.flatMap(({ alerts, reach }) =>
    alerts
      .filter(({ record }) => record !== '')
      .map((alert) => ({ alert, series: reach.reads(alert.expression).series })),
  );
  return (job) => {
    const found = read
      .map(({ alert, series }) => ({ alert, ofJob: series.filter((one) => isOfJob(one, job)) }))
      .filter(({ ofJob }) => ofJob.length > 0);
    const names = (isPage: boolean): readonly string[] =>
      found.filter(({ alert }) => alert.isPage === isPage).map(({ alert }) => alert.name);
    return {
      metrics: [...new Set(found.flatMap(({ ofJob }) => ofJob.map(({ name }) => name)))]
        // What Prometheus says of each target itself is not relabelled.
        .filter((name) => name !== 'up'),
      ...{ pages: names(true), tickets: names(false) },
    };
  };
}

/**
 * Whether series are a job's: by its name, else by the metrics that it alone is asked for, or by those that are named after it,
 * as exporters name theirs.
 */
function isOfJob({ name, matchers }: SeriesSelection, { job, before }: ScrapedJob): boolean {
  const ofJob = matchers.filter(({ label }) => label === 'job');
  if (ofJob.length > 0) return ofJob.every((matcher) => matches(matcher, job) !== false);
  const [named = job] = job.split('-');
  return name.startsWith(`${named}_`) || isAskedFor(before, name);
}

function isAskedFor(before: Fields | undefined, metric: string): boolean {
  return objectsIn(before?.['metric_relabel_configs']).some(
    ({ action, regex }) => action === 'keep' && wholePattern(textOf(regex))?.test(metric) === true,
  );
}

function ofJob(
  job: string,
  places: readonly ScrapedJob[],
  readersOf: (job: ScrapedJob) => JobReaders,
): readonly Finding[] {
  const [asked] = places.filter(({ before }) => before !== undefined);
  if (asked === undefined) return [];
  const { metrics, pages, tickets } = readersOf(asked);
  const told = places
    .filter(({ before }) => before !== undefined)
    .map(({ place, before = {}, after }) => ({
      place,
      changes: after === undefined ? [NEVER] : scrapeChanges(before, after, metrics),
    }));
  const all = told.flatMap(({ place, changes }) => changes.map((one) => ({ ...one, place })));
  const isLost = told.every(({ changes }) => changes.some(({ seen }) => seen === 'nothing'));
  const worst = all.find(({ seen }) => seen === 'nothing') ?? all[0];
  if (worst === undefined) return [];
  const { property, before, after, place } = worst;
  const isEverywhere = told.every(({ changes }) => changes.some((one) => isAlike(one, worst)));
  const isBlind = isLost && pages.length > 0;
  const readers = isBlind ? pages : [...pages, ...tickets];
  const of = { subject: `job ${job}${isEverywhere ? '' : ` in ${place}`}`, among: 'jobs' };
  return [
    {
      ...{ ...of, property, before, after },
      kind: isBlind ? 'page-blind' : 'sight-lost',
      consequence: isLost
        ? 'nothing of it is found any more, and whatever reads it is blind'
        : 'less of it may be found than before',
      ...(readers.length === 0 ? {} : { follows: readers }),
    },
    ...all
      .filter((one, index) => isOfTrust(one) && all.findIndex((o) => isAlike(o, one)) === index)
      .map((one): Finding => ({
        ...{ ...of, property: one.property, before: one.before, after: one.after },
        kind: 'trust-changed',
        consequence: 'it believes others, or shows itself otherwise',
      })),
  ];
}

const NEVER: ScrapeChange = { seen: 'nothing', property: 'asked', before: 'yes', after: 'never' };

function isAlike(one: ScrapeChange, other: ScrapeChange): boolean {
  return one.seen === other.seen && one.property === other.property;
}

/** How targets prove who they are, and who asks. */
function isOfTrust({ property }: ScrapeChange): boolean {
  return /^(?:tls_config|basic_auth|authorization|oauth2|scheme)$/.test(property);
}
