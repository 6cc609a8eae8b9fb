import { z } from 'zod';
import { NAME_PATTERN } from '../../process-spec.ts';

/** Logs are turned over at this size (bytes); one older file is kept. */
export const DEFAULT_LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** What an agent is told by whoever starts it; kept in `agent.json`. */
export const agentSettingsSchema = z.strictObject({
  zone: z.string().regex(NAME_PATTERN),
  /** IPv4 network in CIDR form; processes of the zone listen inside it only. */
  network: z.cidrv4(),
  /** Provider: 60 to 3600; tests go lower. */
  leafLifetimeSeconds: z.int().min(2).max(3600),
  logLimitBytes: z.int().min(1024).default(DEFAULT_LOG_LIMIT_BYTES),
});
export type AgentSettings = Readonly<z.infer<typeof agentSettingsSchema>>;
/** Settings as given: `logLimitBytes` may be left out (@default 10 MiB). */
export type AgentSettingsInput = Readonly<z.input<typeof agentSettingsSchema>>;
