import { z } from 'zod';
import { AUTHENTICATION_STEPS } from '../../bench/authentication-cost.ts';
import type { Floor, Stage, Step } from '../../bench/authentication-cost.ts';
import { VARIANTS } from '../../bench/telemetry/variants.ts';

const milliseconds = z.number().min(0).describe('Milliseconds.');
const microseconds = z.number().min(0).describe('Microseconds of one processor.');
const count = z.int().min(0);
const durations = z.object({ p50: milliseconds, p95: milliseconds });

/** An object with the same value under each name. */
function each<const Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
): z.ZodObject<Record<Name, Value>> {
  return z.object(Object.fromEntries(names.map((name) => [name, value])) as Record<Name, Value>);
}

const STEPS = Object.keys(AUTHENTICATION_STEPS) as Step[];
const FLOORS = [...new Set(Object.values(AUTHENTICATION_STEPS))] as Floor[];
const STAGES = ['knownToken', 'newToken'] as const satisfies readonly Stage[];

const reads = z
  .object({
    memory: z.array(z.object({ name: z.string(), processes: count, pssMiB: z.number().min(0) })),
    readPath: z.object({ read: durations, floor: durations, requests: count }),
  })
  .describe('Memory by name, and reads one after the other against one bare HTTPS server.');

const authentication = z
  .object({
    rounds: count,
    floors: each(FLOORS, durations),
    steps: each(STEPS, durations),
    ratios: each(STEPS, z.number().min(0)),
    stages: each(STAGES, durations),
    documentedMs: milliseconds,
  })
  .describe('With --authentication: what tokens, limits and signatures cost a request.');

const answers = z.object({
  sent: count,
  answered: count,
  failures: z.record(z.string(), count),
  answeredPerSecond: z.number().min(0),
  latencyMs: each(['p50', 'p95', 'p99', 'max'], milliseconds),
});

const load = z
  .object({
    ratePerSecond: count,
    seconds: count,
    connections: count,
    answers,
    floorAnswers: answers,
    costs: z.array(
      z.object({
        name: z.string(),
        processes: count,
        perRequestUs: microseconds,
        ofWhichAtRestUs: microseconds,
        ratio: z.number().min(0),
      }),
    ),
    floorUs: microseconds,
    clientUs: microseconds,
  })
  .describe('With --load: reads at a steady pace, and what they cost each process.');

const dev = z
  .object({
    edits: count,
    code: durations,
    contractEdits: count,
    contract: durations,
    requests: count,
    failed: count,
  })
  .describe('With --dev: from the save of a file until the edge answers with it, under reads.');

const services = z
  .object({
    operations: z.array(
      z.object({
        method: z.string(),
        ratePerSecond: count,
        latencyMs: each(['p50', 'p95', 'p99', 'max'], milliseconds),
        failures: z.record(z.string(), count),
        cpuMs: milliseconds.describe('Of one processor, of the whole platform, for a call.'),
        heldPerSecond: count.describe('The highest rate within the objective; 0 if none was.'),
        broke: z.object({ ratePerSecond: count, reason: z.string() }).optional(),
        onlyBecause: z.string().describe('Why no higher rate was tried.').optional(),
      }),
    ),
    handlers: z.record(
      z.string(),
      z.object({ calls: count, p50: milliseconds, p95: milliseconds, p99: milliseconds }),
    ),
  })
  .describe('With --services: each public method at the edge, and every method at its handler.');

const sizes = z
  .object({
    measuredAt: z.iso.datetime(),
    processor: z.string().describe('How many, and of which model.'),
    services: z.record(
      z.string(),
      z.object({
        peakMiB: count.describe('The largest resident set of any replica since its start.'),
        heapMiB: count,
        cpuMsPerCall: milliseconds.optional(),
      }),
    ),
  })
  .describe('With --sizes: what services have taken of memory and processors.');

const deployedProgram = each(
  ['fromNothing', 'unchanged'],
  z.object({ resources: count, seconds: z.number().min(0).describe('The median of all rounds.') }),
);

const deploy = z
  .object({
    stack: z.string(),
    rounds: count,
    rehearsed: deployedProgram,
    bare: deployedProgram.describe('As many ConfigMaps by the same engine and provider.'),
  })
  .describe('With --deploy: `pulumi up` without a cluster, where nothing is yet and again.');

const review = z
  .object({
    stack: z.string(),
    rounds: count,
    resources: count,
    firstSeconds: z.number().min(0).describe('Of a base that no review has met yet, once.'),
    seconds: z.number().min(0).describe('Of one that is kept; the median of all rounds.'),
    bareSeconds: z.number().min(0).describe('`pulumi up` of as many ConfigMaps, unchanged.'),
  })
  .describe('With --review: `meridian review` of a change.');

const preview = z
  .object({
    stack: z.string(),
    rounds: count,
    resources: count,
    seconds: z.number().min(0).describe('`meridian preview` from nothing; medians of all rounds.'),
    memoryMiB: z.number().min(0).describe('At the most, of all processes, of their own.'),
    renderSeconds: z.number().min(0).describe('`meridian render`: lowered, and written by cdk8s.'),
    renderMemoryMiB: z.number().min(0).describe('At the most, of all processes, of their own.'),
    bareSeconds: z.number().min(0).describe('A preview of as many ConfigMaps.'),
  })
  .describe('With --preview: an offline preview of prod.');

const stock = z
  .object({
    productId: z.string(),
    atOnce: count,
    reservations: count,
    perSecond: z.number().min(0),
    reserve: durations,
    release: durations,
    orders: z
      .object({
        confirmed: count,
        perSecond: z.number().min(0),
        purchase: durations.describe('From the order that is sent to its confirmation.'),
        failures: z.record(z.string(), count),
      })
      .describe('Whole orders of one unit through the edge, as many under way at once.'),
  })
  .describe(
    'With --stock: reservations of one product, asked of catalog as orders asks, and orders.',
  );

const ratioToOff = z.number().min(0).describe('To `off` of the same round.');

const telemetry = z
  .object({
    ...{ ratePerSecond: count, seconds: count, connections: count, rounds: count },
    variants: z.array(
      z.object({
        variant: z.enum(VARIANTS),
        ...{ answered: z.number().min(0), failed: z.number().min(0), p95Ms: milliseconds },
        platformUs: microseconds.describe('For a read, without what receives telemetry.'),
        telemetryUs: microseconds.describe('For a read, of what receives and keeps telemetry.'),
        processMiB: z.number().min(0).describe('Pss of one process that reads go through.'),
        telemetryMiB: z.number().min(0).describe('Pss of all that receives and keeps telemetry.'),
        othersShare: z.number().min(0).describe('Of the machine, that others used; 0 to 1.'),
        ...{ cpuRatio: ratioToOff, p95Ratio: ratioToOff },
      }),
    ),
    stuckP95Ratio: z.number().min(0).describe('Of a stopped collector to one that works.'),
  })
  .describe('With --telemetry: medians of reads with telemetry off, at ten percent and full.');

/** What `bench --json` prints, by what was measured. */
export const bench = z.union([
  reads,
  authentication,
  deploy,
  preview,
  review,
  load,
  dev,
  services,
  sizes,
  stock,
  telemetry,
]);
