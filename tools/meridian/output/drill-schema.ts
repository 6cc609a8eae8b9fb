import { SEVERITIES } from '@meridian/components/model/alert.ts';
import { z } from 'zod';
import { FAULT_NAMES } from '../../drill/fault.ts';
import { MOMENTS } from '../../drill/moments.ts';

const outcome = z.enum(['passed', 'failed']);

const expected = z.object({
  severity: z.enum(SEVERITIES),
  alert: z.string(),
  about: z.string().describe('A service, an engine or a zone.'),
  runbook: z.string().describe('A file in docs/runbooks, without its .md.'),
});

/** What `drill --json` prints. */
export const drill = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('list'),
    faults: z.array(
      z.object({
        fault: z.enum(FAULT_NAMES),
        summary: z.string(),
        expected,
        last: z.object({ at: z.iso.datetime(), outcome }).optional(),
      }),
    ),
  }),
  z.object({
    action: z.literal('run'),
    fault: z.enum(FAULT_NAMES),
    expected,
    at: z.iso.datetime().describe('When it was injected.'),
    moments: z.array(
      z.object({
        what: z.enum(MOMENTS),
        afterSeconds: z.number().min(0).describe('Since it was injected.'),
        detail: z.string(),
      }),
    ),
    explained: z.object({
      expected: z.string().describe('What `meridian explain` was to name.'),
      named: z.string().nullable().describe('What it named when somebody was told.'),
    }),
    outcome,
    problems: z.array(z.string()).describe('Why it has failed.'),
  }),
]);
