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
