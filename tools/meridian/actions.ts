import type { CommandName } from '../bootstrap/commands.mjs';

/** What a command runs: takes what the command line was given, and gives the exit code. */
type Action = (...given: never[]) => Promise<number>;

/** Loads what a command runs only where it is used: every kind of Kubernetes, say, takes memory and time. */
export const actions: Readonly<Record<CommandName, () => Promise<Action>>> = {
  up: async () => (await import('./commands/up.ts')).up,
  dev: async () => (await import('./commands/dev.ts')).dev,
  stop: async () => (await import('./commands/stop.ts')).stop,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  destroy: async () => (await import('./commands/destroy.ts')).destroy,
  preview: async () => (await import('./commands/preview.ts')).preview,
  refresh: async () => (await import('./commands/preview.ts')).refresh,
  status: async () => (await import('./commands/status.ts')).status,
  logs: async () => (await import('./commands/logs.ts')).logs,
  explain: async () => (await import('./commands/explain.ts')).explain,
  trace: async () => (await import('./commands/trace.ts')).trace,
  slo: async () => (await import('./commands/slo.ts')).slo,
  conformance: async () => (await import('./commands/conformance.ts')).conformance,
  seed: async () => (await import('./commands/seed.ts')).seed,
  shop: async () => (await import('./commands/shop.ts')).shop,
  account: async () => (await import('./commands/account.ts')).account,
  bench: async () => (await import('./commands/bench.ts')).bench,
  denial: async () => (await import('./commands/denial.ts')).denial,
  check: async () => (await import('./commands/check.ts')).check,
  order: async () => (await import('./commands/order.ts')).order,
  events: async () => (await import('./commands/events.ts')).events,
  audit: async () => (await import('./commands/audit.ts')).audit,
  dlq: async () => (await import('./commands/dlq.ts')).dlq,
  search: async () => (await import('./commands/search.ts')).search,
  payments: async () => (await import('./commands/payments.ts')).payments,
  rotate: async () => (await import('./commands/rotate.ts')).rotate,
  env: async () => (await import('./commands/env.ts')).env,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  test: async () => (await import('./commands/test.ts')).test,
  verify: async () => (await import('./commands/verify.ts')).verify,
  render: async () => (await import('./commands/render.ts')).render,
  pins: async () => (await import('./commands/pins.ts')).pins,
  drill: async () => (await import('./commands/drill.ts')).drill,
  drift: async () => (await import('./commands/drift.ts')).drift,
  'new-service': async () => (await import('./commands/new-service.ts')).newService,
  generate: async () => (await import('./commands/generate.ts')).generate,
  'generate-schemas': async () => (await import('./commands/generate.ts')).generateSchemas,
  'generate-contracts-image': async () =>
    (await import('./commands/generate.ts')).generateContractsImage,
  format: async () => (await import('./commands/generate.ts')).format,
};
