import { z } from 'zod';
import { OUTCOMES } from '../../doctor/answer.ts';

const file = z.string().startsWith('/').describe('An absolute path.');
const doctorOfMachine = z.object({
  node: z.string(),
  engines: z.array(
    z.object({ name: z.string(), version: z.string(), folder: file, source: z.string() }),
  ),
  standIns: z
    .array(z.object({ process: z.string(), standsInFor: z.string(), summary: z.string() }))
    .describe(
      'What plays a system outside the platform, or an engine of a cluster, on this machine.',
    ),
  folders: z.object({ state: file, data: file, runtime: file, cache: file, program: file }),
});

const doctorOfStack = z.object({
  stack: z.string(),
  answers: z
    .array(z.object({ outcome: z.enum(OUTCOMES), about: z.string(), said: z.string() }))
    .describe(
      'What is wrong first; what could not be asked is unchecked, and is never taken for passed.',
    ),
});

/** What `doctor --json` prints: of this machine, or of the clouds of a stack. */
export const doctor = z.union([doctorOfMachine, doctorOfStack]);
