import type { Store } from '@meridian/components/model/store.ts';

/** How telemetry names the engines of stores. Source: OpenTelemetry, semantic conventions, db.system.name. */
export const SYSTEM_OF: Readonly<Record<Store['kind'], string>> = {
  postgres: 'postgresql',
  redis: 'redis',
  elasticsearch: 'elasticsearch',
};

/** The system of an engine; one that is not known has the same name. */
export function systemOf(engine: string): string {
  return new Map(Object.entries(SYSTEM_OF)).get(engine) ?? engine;
}

/** The engine of a system; one that is not known has the same name. */
export function engineOf(system: string): string {
  return Object.entries(SYSTEM_OF).find(([, name]) => name === system)?.[0] ?? system;
}
