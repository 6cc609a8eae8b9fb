import { z } from 'zod';

/** What a process is doing, as its agent sees it. */
export const PROCESS_STATES = [
  'preparing',
  'starting',
  'ready',
  'unready',
  'backoff',
  'crash-looping',
  'stopped',
  'idle',
] as const;
export type ProcessState = (typeof PROCESS_STATES)[number];

const instant = z.iso.datetime();

export const processStatusSchema = z.object({
  name: z.string(),
  state: z.enum(PROCESS_STATES),
  runs: z.enum(['always', 'on-demand']),
  /** Absent when no process runs. */
  pid: z.int().optional(),
  /** Starts after an exit that nobody asked for, since the agent began. */
  restarts: z.int(),
  listens: z.array(z.object({ name: z.string(), address: z.string(), port: z.int() })),
  specDigest: z.string(),
  revision: z.string(),
  lastExit: z
    .object({ code: z.int().nullable(), signal: z.string().nullable(), at: instant })
    .optional(),
  /** Why it does not run, when something else than its own exit is the cause. */
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Since when it is in this state. */
  since: instant,
  certificates: z.array(z.object({ folder: z.string(), notAfter: instant })),
  /** Absolute path of its log. */
  log: z.string(),
});
export type ProcessStatus = z.infer<typeof processStatusSchema>;

export const authorityStatusSchema = z.object({
  /** SHA-256 (hex) of the intermediate certificate. */
  fingerprint: z.string(),
  /** SHA-256 (hex) of the root that signed it. */
  rootFingerprint: z.string(),
  notBefore: instant,
  notAfter: instant,
});
export type AuthorityStatus = z.infer<typeof authorityStatusSchema>;

export const zoneStatusSchema = z.object({
  zone: z.string(),
  network: z.string(),
  leafLifetimeSeconds: z.int(),
  pid: z.int(),
  /** Clock ticks after boot, field 22 of /proc/PID/stat: with `pid` it names the agent for good. */
  startTime: z.string(),
  /** Version and digest of the agent's own code. */
  programVersion: z.string(),
  /** Whether it is on its way out: it takes no new processes. */
  stopping: z.boolean(),
  /** Absent until the provider has put a signed chain. */
  authority: authorityStatusSchema.optional(),
  processes: z.array(processStatusSchema),
});
export type ZoneStatus = z.infer<typeof zoneStatusSchema>;

/** One line of the answer of a task's run (NDJSON). */
export const runEventSchema = z.union([
  z.object({ stream: z.enum(['stdout', 'stderr']), line: z.string() }),
  z.object({ exitCode: z.int() }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

export const errorBodySchema = z.object({ code: z.string(), message: z.string() });
