import { operationObjectives } from '@meridian/components/model/objectives.ts';
import type {
  FreshnessObjective,
  ObjectivesNode,
  RequestObjectives,
} from '@meridian/components/model/objectives.ts';
import { BURN_RATES } from '@meridian/components/observability/rules/burn-rates.ts';
import type { Finding } from '../finding.ts';
import { matched, ofMember } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

/** Whose objective it is. */
interface Promised {
  readonly service: string;
  /** The service, or one of its operations. */
  readonly subject: string;
}

const REQUESTS: Comparators<RequestObjectives, Promised> = {
  availabilityPercent: (before, after, promised) => [
    objective(promised, {
      word: 'availabilityPercent',
      property: 'availability',
      ...{ before: `${before} %`, after: `${after} %`, isLooser: after < before },
      ...blindAfter(before, after, 'errors'),
    }),
  ],
  latencyP95Ms: (before, after, promised) => [
    objective(promised, {
      word: 'latencyP95Ms',
      property: 'p95',
      ...{ before: `${before} ms`, after: `${after} ms`, isLooser: after > before },
      looser: 'a release that is slower is promoted',
      tighter: 'a release that is slower is not promoted',
    }),
  ],
  latencyP99Ms: (before, after, promised) => [
    objective(promised, {
      word: 'latencyP99Ms',
      property: 'p99',
      ...{ before: `${before} ms`, after: `${after} ms`, isLooser: after > before },
    }),
  ],
};

const FRESHNESS: Comparators<FreshnessObjective, Promised> = {
  name: toldBy('the pairing of objectives by their names'),
  feels: (before, after, { service, subject }) => [
    ofMember(`service ${service}`, 'objectives', {
      kind: 'words-changed',
      ...{
        subject,
        among: 'objectives',
        property: 'what users feel',
        word: 'feels',
        before,
        after,
      },
      consequence: 'whoever is paged reads something else',
    }),
  ],
  age: (before, after, promised) => [
    objective(promised, {
      ...{ word: 'age', property: 'what it reads', before, after, isLooser: true },
      looser: 'what its page watched is watched by nobody',
    }),
  ],
  withinSeconds: (before, after, promised) => [
    objective(promised, {
      word: 'withinSeconds',
      property: 'age',
      ...{ before: `${before} s`, after: `${after} s`, isLooser: after > before },
    }),
  ],
  percent: (before, after, promised) => [
    objective(promised, {
      word: 'percent',
      property: 'share of the time',
      ...{ before: `${before} %`, after: `${after} %`, isLooser: after < before },
      ...blindAfter(before, after, 'of the time'),
    }),
  ],
};

type OfRequests = Pick<ObjectivesNode, keyof RequestObjectives>;

/** What is promised less or more than before; pages that go with it are told as alerts. */
export function objectiveFindings(
  service: string,
  before: ObjectivesNode,
  after: ObjectivesNode,
): readonly Finding[] {
  const node = { declaration: `service ${service}`, subject: service, among: 'services' };
  const OBJECTIVES: Comparators<Omit<ObjectivesNode, keyof OfRequests>, undefined> = {
    operations: () => operationFindings(service, before, after),
    freshness: (old, now) => freshnessFindings(service, old, now),
  };
  const { operations, freshness, ...requests } = before;
  const { operations: operationsNow, freshness: freshnessNow, ...requestsNow } = after;
  const context = { service, subject: service };
  return [
    ...compareMembers(REQUESTS, requests, requestsNow, { context, node }),
    ...compareMembers(
      OBJECTIVES,
      { operations, freshness },
      { operations: operationsNow, freshness: freshnessNow },
      { context: undefined, node },
    ),
  ];
}

/** Operations of which either side says something of their own: what is expected of each in all. */
function operationFindings(
  service: string,
  before: ObjectivesNode,
  after: ObjectivesNode,
): readonly Finding[] {
  const names = new Set([before, after].flatMap(({ operations }) => Object.keys(operations)));
  return [...names].toSorted().flatMap((name) => {
    const subject = `${service}.${name}`;
    const node = { declaration: `service ${service}`, subject, among: 'operations' };
    const context = { service, subject };
    const [old, now] = [before, after].map((of) => operationObjectives(of, { name }));
    if (old === undefined || now === undefined) return [];
    const found = compareMembers(REQUESTS, old, now, { context, node });
    return found.map((one) => ({
      ...one,
      from: { declaration: `service ${service}`, member: 'objectives', word: name },
    }));
  });
}

function freshnessFindings(
  service: string,
  before: readonly FreshnessObjective[],
  after: readonly FreshnessObjective[],
): readonly Finding[] {
  const { gone, come, both } = matched(before, after, ({ name }) => name);
  const subjectOf = ({ name }: FreshnessObjective) => `${service}, '${name}'`;
  const expected = ({ withinSeconds, percent }: FreshnessObjective) =>
    `within ${withinSeconds} s for ${percent} % of the time`;
  return [
    ...gone.map((one) =>
      objective(
        { service, subject: subjectOf(one) },
        {
          ...{ word: one.name, before: expected(one), after: 'nothing', isLooser: true },
          property: 'freshness',
          looser: `nobody is told any more when this is so: ${one.feels}`,
        },
      ),
    ),
    ...come.map((one) =>
      objective(
        { service, subject: subjectOf(one) },
        {
          ...{ word: one.name, before: 'nothing', after: expected(one), isLooser: false },
          property: 'freshness',
          tighter: 'somebody is told of one fault more',
        },
      ),
    ),
    ...both.flatMap(([old, now]) => {
      const subject = subjectOf(now);
      const node = { declaration: `service ${service}`, subject, among: 'objectives' };
      return compareMembers(FRESHNESS, old, now, { context: { service, subject }, node });
    }),
  ];
}

/** Shares above this are more than all of what there is. */
const ALL_PERCENT = 100;

/**
 * What is said where a page can fire no more: so much faster than it is allowed is a budget spent that even a service which
 * does nothing else than fail spends it more slowly. Source: components/observability/rules/burn-rates.ts, BURN_RATES.
 */
function blindAfter(before: number, after: number, of: string): Pick<ChangedObjective, 'blind'> {
  const asked = (percent: number) =>
    BURN_RATES.page.map(({ factor }) => factor * (ALL_PERCENT - percent));
  const isReached = (share: number): boolean => share < ALL_PERCENT;
  const [was, is] = [asked(before).filter(isReached), asked(after).filter(isReached)];
  if (is.length >= was.length) return {};
  const which = is.length === 0 ? 'no page of it can ever fire' : 'its fast page can never fire';
  const [most = 0] = asked(after);
  return { blind: `${which}: it waits for ${Math.round(most)} % ${of}` };
}

interface ChangedObjective {
  /** What comes of it where a page can no longer fire. */
  readonly blind?: string;
  readonly word: string;
  readonly property: string;
  readonly before: string;
  readonly after: string;
  readonly isLooser: boolean;
  readonly looser?: string;
  readonly tighter?: string;
}

function objective({ service, subject }: Promised, given: ChangedObjective): Finding {
  const { word, property, before, after, isLooser } = given;
  const { looser = 'its page comes later', tighter = 'its page comes sooner', blind } = given;
  return ofMember(`service ${service}`, 'objectives', {
    kind: kindOf(given),
    ...{ subject, among: 'services', property, word, before, after },
    consequence: blind ?? (isLooser ? looser : tighter),
  });
}

function kindOf({ blind, isLooser }: ChangedObjective): Finding['kind'] {
  if (blind !== undefined) return 'page-blind';
  return isLooser ? 'objective-loosened' : 'objective-tightened';
}
