import { z } from 'zod';

const dollarText = z.string().describe('US dollars, such as 0.0816.');

/** What `prices --json` prints. */
export const prices = z.object({
  file: z.string().startsWith('/').describe('An absolute path.'),
  region: z.string(),
  lookedUp: z.array(
    z.object({
      price: z.string().describe("What is paid for and where, such as 'ec2.m7g.large.us-east-1'."),
      before: dollarText.optional(),
      after: dollarText.optional(),
      reason: z.string().optional().describe('Why the list has no price: the row stays as it was.'),
    }),
  ),
  untouched: z.int().min(0).describe('Rows of other sources and regions, which stay as they were.'),
});

/** What `cost --json` prints. */
export const cost = z.object({
  stack: z.string(),
  region: z.string(),
  gathered: z.string().describe('The day of the table of prices.'),
  monthUsd: dollarText,
  isAll: z
    .boolean()
    .describe('Whether the sum lacks nothing; else it is the least that a month costs.'),
  parts: z.array(
    z.object({
      what: z.string(),
      price: z.string().describe('Its row in the table of prices.'),
      amount: z.number().describe('Of a month, in the unit of the price.'),
      unit: z.string(),
      priceUsd: dollarText,
      monthUsd: dollarText,
      resources: z.array(z.string()).describe('By their names in the program.'),
      source: z.url(),
      sourceDate: z.string(),
    }),
  ),
  without: z
    .array(
      z.object({
        what: z.string(),
        isByUse: z
          .boolean()
          .describe('Whether it is paid for by what is used of it, or has no price here.'),
        resources: z.array(z.string()),
      }),
    )
    .describe('What the sum is without.'),
});
