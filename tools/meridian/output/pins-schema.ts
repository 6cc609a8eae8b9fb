import { z } from 'zod';

const count = z.int().min(0);
const digest = z.string().describe("'sha256:' and 64 hexadecimal digits, or 'unresolved'.");

/** What `npm run pins` has looked up. */
export const pins = z.object({
  pins: z.array(
    z.object({
      kind: z.enum(['chart', 'image']),
      name: z.string(),
      reference: z.string(),
      digest,
      reason: z.string().optional().describe('Why nothing was found now.'),
    }),
  ),
  unresolved: count,
});

/** What `npm run images` has recorded, and brought. */
export const images = z.object({
  images: z.array(
    z.object({
      name: z.string(),
      reference: z.string(),
      digest,
      sentBytes: count
        .optional()
        .describe('What its registry lacked; absent where nothing was to be sent.'),
    }),
  ),
});
