import { z } from 'zod';

const bytes = z.int().min(0);
const seconds = z.number().min(0);

/** A whole copy of PostgreSQL's data. */
const copy = {
  name: z.string().describe('Its folder, and when it was begun.'),
  completedAt: z.iso.datetime().describe('Any moment from then on can be restored.'),
  bytes,
};

export const backup = z.object({ ...copy, seconds });

export const restore = z.object({
  copy: z.object(copy),
  lastTransaction: z.iso
    .datetime()
    .nullable()
    .describe('When the last transaction was committed that came back after the copy.'),
  timeline: z.int().min(1),
  kept: z.string().optional().describe('A folder with what was there before.'),
  seconds,
});
