import { LEVELS } from '@meridian/policies/severity.ts';
import { z } from 'zod';

const count = z.int().min(0);
const revision = z.string().describe("A commit, or 'WORKTREE' for what has not been committed.");

const position = z
  .object({ file: z.string().describe("Relative to the program's folder."), line: z.int().min(1) })
  .describe('The line that changed.');

const finding = z.object({
  kind: z.string().describe('A row of policies/severity.ts.'),
  level: z.enum(LEVELS),
  subject: z.string().describe("Who or what, such as 'search → payments.ListPayments'."),
  among: z.string().describe("What the subject is one of, in the plural, such as 'services'."),
  property: z.string().exactOptional().describe("What of it, such as 'min replicas'."),
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
  consequence: z.string().describe('What comes of it, in one clause.'),
  follows: z
    .array(z.string())
    .exactOptional()
    .describe('What follows from it, or is said of it besides, such as objects and rules.'),
  from: z
    .object({
      declaration: z.string().describe("Such as 'service catalog'."),
      member: z.string().exactOptional(),
      word: z.string().exactOptional(),
    })
    .exactOptional()
    .describe('The declaration of the program that it follows from.'),
  at: position.exactOptional(),
});

/** What `meridian review` finds of one stack. */
export const stackReview = z.object({
  schemaVersion: z.literal(1),
  stack: z.string(),
  base: revision,
  head: revision,
  judge: z.string().describe('The commit whose tool, rules and tables judged.'),
  digest: z
    .string()
    .exactOptional()
    .describe(
      "'sha256:' and 64 hexadecimal digits, by which it is approved; absent where two runs of the program differ.",
    ),
  totals: z
    .object({ replaced: count, changed: count, new: count, deleted: count, same: count })
    .describe('Resources by what becomes of them.'),
  findings: z.array(finding).describe('Dangers first, then checks, then notes.'),
  olderViolations: z
    .record(z.string(), count)
    .describe('Problems that the base has already, by rule.'),
  alerts: z.object({ loosened: count, blind: count, lost: count }),
  notAssessed: z.array(z.string()).describe("What was not looked at, such as 'COST: no prices'."),
  isSame: z.boolean().describe('Whether the graphs and, after aliases, all resources are equal.'),
});

const failedReview = z
  .object({
    stack: z.string(),
    code: z.string().describe('As docs/errors.md lists it.'),
    message: z.string(),
    at: position.exactOptional(),
  })
  .describe('A stack that could not be reviewed: nothing is known of the change.');

/** What `meridian review` prints. */
export const review = z.object({
  reviews: z.array(z.union([stackReview, failedReview])),
  exitCode: z
    .union([z.literal(0), z.literal(3), z.literal(10), z.literal(20)])
    .describe('By the worst that was found: 0 notes, 10 checks, 20 dangers; 3 not reviewed.'),
});
