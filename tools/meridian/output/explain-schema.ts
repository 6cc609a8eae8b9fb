import { z } from 'zod';
import { EVIDENCE } from '../../telemetry/explain/finding.ts';

const moment = z
  .number()
  .nullable()
  .describe('Milliseconds since 1970; null where it was so as far back as was looked.');

const finding = z.object({
  id: z
    .string()
    .describe("An edge such as 'orders>postgres', a service, an engine, or a zone as 'zone-b'."),
  kind: z.enum(['edge', 'service', 'engine', 'zone']),
  sinceMs: moment,
  weight: z.number().describe('How much of it fails; 1 is all of it.'),
  evidence: z
    .array(
      z.object({
        kind: z.enum(EVIDENCE),
        says: z.string(),
        sinceMs: moment,
        query: z.string().describe('What gives the number: PromQL, or a command.'),
      }),
    )
    .describe('The strongest first.'),
});

/** What `explain --json` prints. */
export const explain = z.object({
  atMs: z.number().describe('Milliseconds since 1970.'),
  state: z
    .enum(['starting', 'away', 'stale', 'quiet', 'well', 'failing'])
    .describe(
      "'away': the store of metrics does not answer; 'stale': nothing is seen of any service; 'quiet': nobody asks for anything.",
    ),
  first: finding
    .extend({ runbook: z.string().optional(), command: z.string().optional() })
    .nullable()
    .describe('What broke first.'),
  follows: z.array(finding).describe('What fails because of it.'),
  others: z.array(finding).describe('What is wrong besides.'),
  exampleTraceId: z.string().nullable(),
  unknown: z.array(z.string()).describe('What could not be looked at.'),
});
