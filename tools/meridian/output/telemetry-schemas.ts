import { z } from 'zod';

const count = z.int().min(0);
const texts = z.record(z.string(), z.string());

/** A line of a log as the store keeps it. */
const logLine = z.object({
  time: z.string().describe('RFC 3339.'),
  service: z.string(),
  level: z.string(),
  message: z.string(),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  zone: z.string().optional(),
  instance: z.string().optional(),
  fields: texts.describe('All else that is known of it.'),
});

const spanReference = {
  traceId: z.string().describe('32 hexadecimal digits.'),
  spanId: z.string().describe('16 hexadecimal digits.'),
};

const span = z.object({
  ...spanReference,
  parentSpanId: z.string().optional(),
  links: z.array(z.object(spanReference)),
  service: z.string(),
  instance: z.string(),
  zone: z.string(),
  version: z.string(),
  name: z.string(),
  kind: z.enum(['server', 'client', 'producer', 'consumer', 'internal']),
  startMs: z.number().describe('Since 1970, with fractions.'),
  durationMs: z.number(),
  failed: z.boolean(),
  attributes: texts,
});

/** What `trace --json` prints. */
export const trace = z.object({
  id: z.string().describe('What was asked for: the id of a trace, a request or an order.'),
  traces: z
    .array(
      z.object({
        traceId: z.string(),
        relation: z
          .enum(['asked', 'cause', 'consequence'])
          .describe('Causes and consequences are linked to what was asked for, over topics.'),
        spans: z.array(span),
        lines: z.array(logLine),
      }),
    )
    .describe('The earliest first.'),
});

/** What `logs --json` prints: of a file a line as it is, of the store one with its fields. */
export const logs = z
  .union([z.object({ process: z.string(), line: z.string() }), logLine])
  .describe('A line for each line of a log; with a question to the store the second form.');

/** What `slo --json` prints. */
export const slo = z.object({
  objectives: z.array(
    z.object({
      service: z.string(),
      operation: z.string().describe("Or a kind of work without a caller, such as 'found'."),
      slo: z.enum(['availability', 'latency', 'freshness']),
      place: z.string().describe("Where it is counted: 'edge' or 'server'."),
      allowedShare: z.number().describe('Of events that may be bad.'),
      remaining: z
        .number()
        .nullable()
        .describe('Of the budget of 30 days, 1 is all of it; null where there were no events.'),
      burnRate: z
        .number()
        .nullable()
        .describe('Of the last 5 minutes; 1 is what 30 days allow; null without events.'),
      burning: z.enum(['page', 'ticket']).nullable(),
    }),
  ),
  alerts: z
    .array(z.object({ alert: z.string(), service: z.string(), severity: z.string() }))
    .describe('Those that fire.'),
});

/** What `conformance --json` prints. */
export const conformance = z.object({
  sinceSeconds: count,
  traces: count,
  spans: count,
  edges: z.array(
    z.object({
      kind: z.enum(['call', 'store', 'publish', 'consume']),
      from: z.string(),
      to: z.string(),
      via: z.string().describe('A method, an engine or a topic.'),
      state: z.enum(['declared and seen', 'declared and never seen', 'seen and not declared']),
      count: count.describe('How often it was seen.'),
      exampleTraceId: z.string().optional(),
    }),
  ),
  undeclared: count.describe('Edges that were seen and are not declared.'),
  truncated: z
    .array(z.string())
    .describe('Services of which there were more traces than were looked at.'),
});
