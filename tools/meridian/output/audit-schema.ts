import { z } from 'zod';

const count = z.int().min(0);

const entry = z.object({
  index: count.describe('Position in the log, from 0.'),
  kind: z.enum(['event', 'baseline', 'unreadable']),
  eventId: z.string(),
  source: z.string().describe('SPIFFE ID of the service that told it.'),
  type: z.string(),
  subject: z.string().describe('With the source the aggregate that changed.'),
  version: count.optional(),
  eventTime: z.string().describe('RFC 3339, by the clock of its service.'),
  causationId: z.string().optional(),
  correlationId: z.string(),
  data: z.string().describe('As it was published, in Base64.'),
  dataJson: z.string().describe('The same as JSON; empty where no contract has it.'),
  leafHash: z.string().describe('In Base64.'),
  archived: z.boolean().describe('Whether what it carries has moved to an archive.'),
});

const findings = z
  .array(
    z.object({
      kind: z.string(),
      description: z.string(),
      index: count.optional().describe('Of the entry, where it is one.'),
      exposedBy: count.optional().describe('Size of the first published head that exposes it.'),
    }),
  )
  .describe('The first 1000.');

/** What `meridian audit` prints. */
export const audit = z.discriminatedUnion('action', [
  z.object({ action: z.literal('log'), entries: z.array(entry) }),
  z.object({ action: z.literal('show'), entry }),
  z.object({ action: z.literal('state'), entry: entry.nullable() }),
  z.object({
    action: z.literal('head'),
    note: z.string().nullable().describe('C2SP signed note; null while nothing is published.'),
    treeSize: count,
  }),
  z.object({
    action: z.literal('keys'),
    keys: z.array(z.string()).describe('Verifier keys of C2SP signed-note.'),
  }),
  z.object({
    action: z.literal('prove'),
    index: count,
    treeSize: count,
    proof: z.string().describe('C2SP tlog-proof.'),
  }),
  z.object({
    action: z.literal('check'),
    proven: z.boolean(),
    problem: z.string().nullable().describe('Why nothing is proven.'),
    about: z
      .object({
        index: count,
        treeSize: count,
        origin: z.string().describe('Name of the log.'),
        kind: z.string(),
        source: z.string(),
        eventId: z.string(),
        type: z.string(),
        subject: z.string(),
        version: z.string().nullable(),
      })
      .nullable()
      .describe('The entry; null if nothing is proven.'),
  }),
  z.object({
    action: z.literal('verify'),
    origin: z.string().describe('Name of the log.'),
    treeSize: count,
    entries: count.describe('Those that were read.'),
    archived: count.describe('Those of them whose data lies in an archive that was not given.'),
    aggregates: count,
    heads: count.describe('Those that the log was held against.'),
    cosigned: z
      .object({ treeSize: count, witnesses: z.array(z.string()) })
      .nullable()
      .describe('The largest head that as many witnesses have seen as were asked for.'),
    seconds: z.number().min(0),
    findings: findings,
    findingCount: count.describe('What is not as it was published.'),
    incomplete: findings,
    incompleteCount: count.describe('Versions that are missing or there twice.'),
    lacking: findings,
    lackingCount: count.describe('Entries that have moved and that the archive given lacks.'),
    former: z
      .array(z.object({ log: count, entries: count, heads: count, lost: count, largest: count }))
      .describe(
        'Of each log before it that heads are there of: the entries of it that this one took over, the heads that were held against them, and those of more entries, with the most that one has.',
      ),
  }),
  z.object({
    action: z.literal('export'),
    folder: z.string(),
    treeSize: count,
    files: count,
  }),
  z.object({
    action: z.literal('archive'),
    folder: z.string(),
    treeSize: count.describe('Entries that the archive has, all of them older than keepDays.'),
    keepDays: count,
    written: z.boolean().describe('False where the folder had the archive already.'),
    recordedBy: count.nullable().describe('Entry of the log that names it; null without --yes.'),
    movable: z
      .object({ entries: count, bytes: count })
      .describe('What nothing here needs any more, before anything was moved.'),
    moved: count.describe('Entries whose data is in the archive alone since this run.'),
  }),
  z.object({
    action: z.literal('tamper'),
    changed: z.object({ index: count, eventId: z.string(), subject: z.string() }),
    found: z.boolean().describe('Whether the verification named that entry.'),
    after: z.boolean().describe('Whether everything is as it was published again.'),
  }),
  z.object({
    action: z.literal('successor'),
    origin: z.string().describe('Name of the log that is, or was.'),
    treeSize: count,
    stoppedBecause: z.string().describe('Empty while it has not stopped.'),
    began: count.nullable().describe('Number of the log that began.'),
    despite: z
      .string()
      .describe(
        'What is not as it was sealed and follows all the same, by --anyway; empty where nothing is.',
      ),
  }),
  z.object({
    action: z.literal('reconcile'),
    kinds: z.array(
      z.object({ service: z.string(), kind: z.string(), aggregates: count, entries: count }),
    ),
    discrepancyCount: count,
    discrepancies: z
      .array(
        z.object({ service: z.string(), about: z.string(), rule: z.string(), found: z.string() }),
      )
      .describe('The first 1000.'),
    withoutBeginning: count.describe(
      'Aggregates whose history begins late or is not there, so that a baseline could stand for it.',
    ),
  }),
  z.object({
    action: z.literal('baseline'),
    dryRun: z.boolean(),
    headless: z
      .array(z.object({ service: z.string(), kind: z.string(), aggregates: count }))
      .describe('Whose history lacks its beginning.'),
    entered: count.describe('Entries that are new.'),
  }),
]);
