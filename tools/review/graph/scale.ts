import type { Limits, RateLimits, Scale } from '@meridian/components/model/sizing.ts';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import type { Finding } from '../finding.ts';
import { ofMember } from './comparison.ts';
import { compareMembers } from './members.ts';
import type { Comparators } from './members.ts';

/** A service of which sizes are compared. */
export interface SizedService {
  readonly name: string;
  /** Into so many its replicas are spread. */
  readonly zones: number;
  /** Before and after. */
  readonly scales: readonly [Scale, Scale];
}

/** What a zone loses at least, of a hundred, for a person to have meant it. */
const LOSS_PERCENT = 20;

/** What each member of a scale does. */
const SCALE: Comparators<Scale, SizedService> = {
  minReplicas: (before, after, sized) => [
    capacity(sized, 'minReplicas', {
      property: 'min replicas',
      ...{ before, after },
      shares: sized.scales.map(({ minReplicas, cpuMillicores }) => minReplicas * cpuMillicores),
      consequence:
        after < before
          ? `${perZone(after, sized)} in a zone, where there were ${perZone(before, sized)}, before it grows`
          : `${perZone(after, sized)} in a zone, where there were ${perZone(before, sized)}`,
    }),
  ],
  maxReplicas: (before, after, sized) => [
    capacity(sized, 'maxReplicas', {
      property: 'max replicas',
      ...{ before, after },
      shares: sized.scales.map(({ maxReplicas, cpuMillicores }) => maxReplicas * cpuMillicores),
      consequence: after < before ? 'at its most it carries less' : 'at its most it carries more',
    }),
  ],
  cpuMillicores: (before, after, sized) => [
    capacity(sized, 'cpuMillicores', {
      property: 'CPU of a replica',
      before: `${before} m`,
      after: `${after} m`,
      shares: [before, after],
      consequence: after < before ? 'each replica is given less' : 'each replica is given more',
    }),
  ],
  memoryMiB: (before, after, { name }) => [
    ofMember(`service ${name}`, 'scale', {
      kind: after < before ? 'limits-changed' : 'scale-changed',
      subject: name,
      among: 'services',
      property: 'memory of a replica',
      word: 'memoryMiB',
      before: `${before} MiB`,
      after: `${after} MiB`,
      consequence:
        after < before ? 'the kernel ends a replica that takes more' : 'each replica is given more',
    }),
  ],
  heapMiB: (before, after, { name, scales: [old, now] }) =>
    // A share of the memory: where that is another, this is.
    old.memoryMiB === now.memoryMiB
      ? [inside(name, 'heapMiB', ['heap of a replica', before, after])]
      : [],
  outsideHeapMiB: (before, after, { name, scales: [old, now] }) =>
    old.memoryMiB === now.memoryMiB && old.heapMiB === now.heapMiB
      ? [inside(name, 'outsideHeapMiB', ['memory beside the heap', before, after])]
      : [],
  callsPerSecond: (before, after, { name, scales: [old, now] }) =>
    // CPU is what so many calls take, where nobody says another.
    old.cpuMillicores === now.cpuMillicores
      ? [grows(name, 'callsPerSecond', ['calls a second', before, after, after > before])]
      : [],
  targetCpuPercent: (before, after, { name }) => [
    grows(name, 'targetCpuPercent', [
      'grows above CPU',
      `${before} %`,
      `${after} %`,
      after > before,
    ]),
  ],
  targetQueueDepth: (before, after, { name }) => [
    grows(name, 'targetQueueDepth', ['grows above waiting', before, after, after > before]),
  ],
};

/** What changed of a service's scale. */
export function scaleFindings(sized: SizedService): readonly Finding[] {
  const [before, after] = sized.scales;
  const node = { declaration: `service ${sized.name}`, subject: sized.name, among: 'services' };
  return compareMembers(SCALE, before, after, { context: sized, node });
}

interface Capacity {
  readonly property: string;
  readonly before: string | number;
  readonly after: string | number;
  /** What there is before and after, in any unit. */
  readonly shares: readonly number[];
  readonly consequence: string;
}

function capacity({ name }: SizedService, word: string, given: Capacity): Finding {
  const { property, before, after, shares, consequence } = given;
  const [had = 0, has = 0] = shares;
  const lost = ((had - has) / had) * 100;
  return ofMember(`service ${name}`, 'scale', {
    kind: lost >= LOSS_PERCENT ? 'capacity-down' : 'scale-changed',
    subject: name,
    among: 'services',
    property,
    word,
    before: String(before),
    after: String(after),
    consequence,
  });
}

function inside(
  name: string,
  word: string,
  [property, before, after]: readonly [string, number, number],
): Finding {
  return ofMember(`service ${name}`, 'scale', {
    kind: after < before ? 'limits-changed' : 'scale-changed',
    ...{ subject: name, among: 'services', property, word },
    before: `${before} MiB`,
    after: `${after} MiB`,
    consequence:
      after < before
        ? 'it ends, or sheds load, with less in use'
        : 'it may take more of its memory',
  });
}

function grows(
  name: string,
  word: string,
  [property, before, after, isLater]: readonly [string, string | number, string | number, boolean],
): Finding {
  return ofMember(`service ${name}`, 'scale', {
    kind: 'scale-changed',
    subject: name,
    among: 'services',
    property,
    word,
    before: String(before),
    after: String(after),
    consequence: isLater ? 'it grows later' : 'it grows sooner',
  });
}

function perZone(replicas: number, { zones }: SizedService): string {
  const each = Math.floor(replicas / zones);
  const most = Math.ceil(replicas / zones);
  return each === most ? String(each) : `${each} or ${most}`;
}

/** What each limit of a replica does. */
const LIMITS: Comparators<Limits, string> = {
  concurrency: (before, after, name) => [
    limit(name, 'limits', {
      ...{ word: 'concurrency', property: 'requests at once', before, after },
      consequence:
        after < before ? 'it sheds load sooner' : 'it takes on more before it sheds load',
    }),
  ],
  queueDepth: (before, after, name) => [
    limit(name, 'limits', {
      ...{ word: 'queueDepth', property: 'requests that wait', before, after },
      consequence:
        after < before ? 'it sheds load sooner' : 'callers wait for longer before they are refused',
    }),
  ],
};

/** What changed of how much a replica takes on. */
export function limitFindings(name: string, before: Limits, after: Limits): readonly Finding[] {
  const node = { declaration: `service ${name}`, subject: name, among: 'services' };
  return compareMembers(LIMITS, before, after, { context: name, node });
}

/** What changed of how often callers may ask, by their class. */
export function rateLimitFindings(
  name: string,
  before: RateLimits,
  after: RateLimits,
): readonly Finding[] {
  const classes = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return classes.flatMap((one) => {
    const [old, now] = [before[one], after[one]].map(rate);
    if (old === now) return [];
    return [
      limit(name, 'rateLimits', {
        word: one,
        property: `rate of ${one} callers`,
        before: old ?? 'none',
        after: now ?? 'none',
        consequence: 'whoever asks more often is refused with 429',
      }),
    ];
  });
}

function rate(limits: RateLimit | undefined): string {
  if (limits === undefined) return 'none';
  return `${limits.requests} in ${limits.windowSeconds} s, ${limits.burst} at once`;
}

interface Limit {
  readonly word: string;
  readonly property: string;
  readonly before: string | number;
  readonly after: string | number;
  readonly consequence: string;
}

function limit(name: string, member: string, { before, after, ...given }: Limit): Finding {
  return ofMember(`service ${name}`, member, {
    kind: 'limits-changed',
    subject: name,
    among: 'services',
    ...given,
    before: String(before),
    after: String(after),
  });
}
