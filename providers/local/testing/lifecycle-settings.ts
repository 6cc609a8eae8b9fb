import { z } from 'zod';

const webSchema = z.object({
  name: z.string(),
  port: z.int(),
  /** A script for Node.js (CommonJS). */
  script: z.string(),
});

/** What a test tells lifecycle-program.ts, through `settings.json`. */
export const lifecycleSettingsSchema = z.object({
  postgresBinaries: z.string(),
  postgresPort: z.int(),
  leafLifetimeSeconds: z.number(),
  migrationsDigest: z.string(),
  webs: z.array(webSchema),
});
export type LifecycleSettings = z.infer<typeof lifecycleSettingsSchema>;
export type WebSettings = z.infer<typeof webSchema>;
