import { z } from 'zod';

const origin = z.url({ protocol: /^https$/ });

const fileSchema = z.strictObject({
  listen: z.strictObject({ address: z.ipv4(), port: z.int() }),
  /** Its first line is the token. */
  tokenFile: z.string(),
  graphFile: z.string(),
  /** Digests of services' code by their names; changes while the console runs. */
  releasesFile: z.string(),
  /** Where runs are kept. */
  dataFolder: z.string(),
  /** Where commands write down what they did. */
  folders: z.strictObject({ state: z.string(), cache: z.string() }),
  rules: z.strictObject({
    replicas: z.record(z.string(), z.int()),
    certificateLifetimeSeconds: z.number(),
    archive: z.strictObject({}).exactOptional(),
  }),
  stores: z.strictObject({
    /** Folder of `tls.crt`, `tls.key` and `ca.crt`. */
    identityFolder: z.string(),
    logs: z.strictObject({ user: z.string(), passwordFile: z.string() }),
    origins: z.strictObject({
      ...{ prometheus: origin, alertmanager: origin, victorialogs: origin, jaeger: origin },
    }),
  }),
});

/** What the console is told at its start; components/observability/local/console.ts writes it. */
export type ConsoleFile = z.infer<typeof fileSchema>;
export type StoresFile = ConsoleFile['stores'];

/** Throws ZodError for a file of another form, which is a bug of the landing. */
export function consoleConfiguration(text: string): ConsoleFile {
  return fileSchema.parse(JSON.parse(text));
}
