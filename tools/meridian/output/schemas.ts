import { STAFF_ROLES } from '../../../services/identity/roles.ts';
import { z } from 'zod';
import { backup, restore } from './backup-schemas.ts';
import { audit } from './audit-schema.ts';
import { bench } from './bench-schema.ts';
import { doctor } from './doctor-schema.ts';
import { drift } from './drift-schema.ts';
import { drill } from './drill-schema.ts';
import { explain } from './explain-schema.ts';
import { images, pins } from './pins-schema.ts';
import { cost, prices } from './prices-schema.ts';
import { review } from './review-schema.ts';
import { conformance, logs, slo, trace } from './telemetry-schemas.ts';

const count = z.int().min(0);
const file = z.string().startsWith('/').describe('An absolute path.');

const health = z.array(
  z.object({
    zone: z.string(),
    service: z.string().describe("A service or an engine; '(whole zone)' if no agent runs."),
    ready: count,
    replicas: count,
    edited: count.describe(
      "Of the replicas, those of edited code that stand in for the program's.",
    ),
    health: z.string().describe("'ready', or the worst state that a replica is in."),
    addresses: z.array(z.string()),
    restarts: count.describe('Starts that nobody asked for, since the agent began.'),
  }),
);

const up = z.object({
  changes: z.record(z.string(), count).describe('Resources by what Pulumi did with them.'),
  startedAgain: count.describe('Of the updates, those of what had only been stopped.'),
  asked: z
    .boolean()
    .describe('Whether Pulumi was asked, as nothing had changed since the last start.'),
  elapsedSeconds: z.number().min(0),
  edge: z.object({ url: z.url(), rootCertificate: file, curl: z.string() }),
  health,
  telemetry: z
    .enum(['left out', 'missing', 'waiting', 'building', 'built', 'joining', 'joined', 'failed'])
    .describe('How it stood with telemetry when the platform was up.'),
});

const preview = z.object({
  rehearsal: z.literal(true),
  stack: z.string(),
  base: z.string().optional().describe('The commit that the program is held against.'),
  warnings: z
    .array(z.string())
    .describe('What the program warns of, such as data without a backup.'),
  brokenRules: z
    .array(z.object({ rule: z.string(), statement: z.string(), problem: z.string() }))
    .describe('What policies/ does not allow; the command ends with status 1 if there is any.'),
  resources: z.array(
    z.object({
      operation: z.enum(['create', 'update', 'replace', 'delete']),
      type: z.string(),
      name: z.string(),
      urn: z.string(),
      properties: z.array(
        z.object({
          property: z.string(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
        }),
      ),
      manifests: z.array(z.object({ object: z.string(), lines: z.array(z.string()) })),
      losesData: z
        .string()
        .optional()
        .describe('Which data go with it. It is protected, so a deployment stops here.'),
      restarts: z.string().optional().describe('What it does to what runs, in words for people.'),
    }),
  ),
  totals: z.object({
    create: count,
    update: count,
    replace: count,
    delete: count,
    unchanged: count,
  }),
});

const denial = z.object({
  cells: z.array(
    z.object({
      engine: z.enum(['https', 'grpc', 'postgresql', 'redis', 'kafka', 'elasticsearch']),
      caller: z.string(),
      object: z.string(),
      action: z.string(),
      declared: z.boolean(),
      verdict: z.enum(['admitted', 'refused', 'unclear']),
      detail: z.string(),
      asDeclared: z.boolean(),
    }),
  ),
  wrong: count,
});

const check = z.object({
  products: count,
  reservations: count,
  orders: count,
  ordersUnderWay: count.describe('Neither confirmed nor cancelled yet, so not judged.'),
  payments: count,
  captures: count.describe('Payments that were taken, those given back since among them.'),
  ledger: z.array(z.object({ currency: z.string(), sum: z.string().describe('In minor units.') })),
  discrepancies: z.array(z.object({ about: z.string(), rule: z.string(), found: z.string() })),
  unsettled: z
    .array(z.string())
    .describe(
      'What changed whenever it was read, and orders that should go on by themselves and have not for five minutes: nothing can be said of them.',
    ),
});

const payments = z.object({
  date: z.iso.date().describe('In UTC.'),
  statementLines: count,
  ledgerPostings: count.describe(
    'Captures and refunds of that day, and those that the lines name.',
  ),
  differenceCount: count,
  differences: z
    .array(
      z.object({
        reason: z.enum(['not-in-ledger', 'not-in-statement', 'different', 'still-open']),
        operation: z.string().describe('The key under which the provider knows it.'),
        order: z.string(),
        kind: z.enum(['capture', 'refund']),
        inStatement: z.string().nullable().describe('Minor units and currency.'),
        inLedger: z.string().nullable(),
      }),
    )
    .describe('The first 1000.'),
});

const events = z
  .object({
    topic: z.string(),
    partition: count,
    offset: z.string(),
    key: z.string().nullable(),
    id: z.string().optional(),
    source: z.string().optional(),
    type: z.string().optional(),
    subject: z.string().optional(),
    time: z.string().optional().describe('RFC 3339.'),
    causationId: z.string().optional().describe('Id of the event or the request that caused it.'),
    correlationId: z
      .string()
      .optional()
      .describe('The order that it belongs to, else the request that began it, else its own id.'),
    version: z
      .string()
      .optional()
      .describe('Version of the aggregate after the change; events of earlier programs have none.'),
    traceparent: z.string().optional(),
    replayFor: z
      .string()
      .optional()
      .describe('The only consumer of a dead letter that came to its topic again.'),
    dropReason: z.string().optional().describe('Why that consumer is to let it go.'),
    data: z.unknown().optional().describe("The event's message in the JSON form of protobuf."),
    problem: z.string().optional().describe('Why it cannot be read as an event.'),
  })
  .describe('A line for each event.');

const letter = z.object({
  id: z.string().describe("The event's."),
  topic: z.string(),
  consumer: z.string(),
  key: z.string().nullable(),
  type: z.string().optional(),
  reason: z.string().describe('The class of the error.'),
  since: z.string().describe('RFC 3339.'),
  last: z.string().describe('RFC 3339.'),
});

const dlq = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('list'),
    groups: z.array(
      z.object({
        topic: z.string(),
        consumer: z.string(),
        reason: z.string().describe('The class of the error.'),
        events: count,
        waiting: count.describe('Later events of the same aggregates.'),
        first: z.string().describe('RFC 3339.'),
        last: z.string().describe('RFC 3339.'),
      }),
    ),
    letters: z
      .array(letter.extend({ behind: count.describe('Later events of its aggregate.') }))
      .describe('What failed by itself, one of each aggregate.'),
  }),
  z.object({
    action: z.literal('show'),
    letter,
    behind: z.array(z.string()).describe('Ids of what waits behind it.'),
    headers: z.record(z.string(), z.string()),
    time: z.string().optional().describe('RFC 3339.'),
    data: z.unknown().optional().describe("The event's message in the JSON form of protobuf."),
    problem: z.string().optional().describe('Why it cannot be read as an event.'),
  }),
  z.object({
    action: z.literal('replay'),
    dryRun: z.boolean(),
    letters: z.array(
      letter.extend({
        behind: count,
        outcome: z.enum(['not sent', 'handled', 'failed again', 'unanswered']),
      }),
    ),
  }),
  z.object({
    action: z.literal('drop'),
    dryRun: z.boolean(),
    dropReason: z.string(),
    letter: letter.extend({
      behind: count,
      outcome: z.enum(['not sent', 'dropped', 'unanswered']),
    }),
    next: letter.optional().describe('What is in the way of the aggregate now.'),
  }),
]);

/** Counts of protobuf's int64 are texts in JSON, and left out where they are 0. */
const total = z
  .string()
  .regex(/^[0-9]+$/)
  .optional();

const search = z.object({
  rebuildId: z.string(),
  phase: z.literal('INDEX_REBUILD_PHASE_DONE'),
  startTime: z.string().describe('RFC 3339.'),
  updateTime: z.string().describe('RFC 3339.'),
  productsRead: total,
  eventsFollowed: total,
  productsCompared: total,
});

const order = z.object({
  orderId: z.string(),
  rows: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('event'),
          id: z.string(),
          time: z.string().describe('RFC 3339.'),
          service: z.string(),
          event: z.string(),
          aggregate: z.string(),
          version: count,
          state: z.string(),
          causationId: z.string().optional(),
          proof: z
            .object({
              entry: count.describe('Index in the audit log.'),
              treeSize: count
                .optional()
                .describe('Of the published tree that it is proven to be in.'),
              problem: z.string().optional().describe('Why nothing is proven.'),
            })
            .optional()
            .describe('Absent where the audit trail does not have it yet.'),
        }),
        z.object({
          kind: z.literal('effect'),
          sequence: count,
          time: z.string().describe('When it was decided.'),
          service: z.string().describe('The one that was asked.'),
          effect: z.string(),
          status: z.enum(['DUE', 'DONE', 'DROPPED']),
          idempotencyKey: z.string(),
          attempts: count,
          orderVersion: count.describe('The version of the order that decided it.'),
          doneTime: z.string().optional().describe('When the answer was known.'),
          outcome: z.string(),
        }),
      ]),
    )
    .describe('Causes first.'),
});

const shop = z.object({
  seconds: z.number().min(0),
  visits: count,
  requests: count,
  requestsPerSecond: z.number().min(0),
  latencyMs: z
    .object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() })
    .describe('From the moment at which each request was due; questions that wait are left out.'),
  failures: z
    .record(z.string(), count)
    .describe('What was asked, with the status, or why there was no answer.'),
  cartsAbandoned: count,
  orders: z.object({
    acknowledged: count.describe('Answered with 201.'),
    confirmed: count,
    cancelled: count,
    underWay: count,
    lost: z.array(z.string()).describe('Acknowledged, and not there when they were asked for.'),
  }),
});

const seed = z.object({
  accounts: z.object({ there: count, created: count }),
  orders: z.object({ placed: count, perSecond: z.number().min(0) }),
});

/** What each command prints with `--json`. */
export const outputs = {
  drill,
  up,
  stop: z.object({ stopped: z.array(z.string()).describe('Zones.') }),
  ...{ backup, restore },
  destroy: z.object({ removed: z.boolean() }),
  preview,
  review,
  status: health,
  ...{ logs, explain, trace, slo, conformance },
  account: z.object({
    role: z.enum(STAFF_ROLES),
    email: z.email(),
    passwordFile: file.describe('Of mode 600; the password is nowhere else.'),
    url: z.url().describe('Of the edge.'),
    rootCertificate: file,
  }),
  bench,
  check,
  payments,
  denial,
  events,
  audit,
  dlq,
  shop,
  seed,
  order,
  search,
  rotate: z.object({
    zones: z.array(z.object({ zone: z.string(), certificates: count })),
    problems: z.array(z.string()),
  }),
  env: z.object({
    environment: z.record(z.string(), z.string()),
    folder: file.describe('To be put in front of the PATH: it has the pulumi command.'),
  }),
  doctor,
  render: z.union([
    z.object({
      folder: file,
      charts: z.array(z.string()),
      manifests: z.array(z.string()),
      unresolved: z.array(z.string()).describe('Services whose image has no digest.'),
    }),
    z.object({ file, resources: z.int().describe('Resources in the plan of Terraform.') }),
  ]),
  pins,
  cost,
  images,
  prices,
  drift,
};

/** A command that has `--json`. */
export type OutputName = keyof typeof outputs;

/** What a command prints with `--json`. */
export type Output<Name extends OutputName> = Unchanging<z.infer<(typeof outputs)[Name]>>;

/** Outputs are told from plain values that nobody changes. */
type Unchanging<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Unchanging<Value[Key]> }
  : Value;
