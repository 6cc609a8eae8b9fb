import { binding, EDGE_BINDING } from '@meridian/language/bindings.ts';
import type { BindingProperties } from '@meridian/language/bindings.ts';

/** The process that asks the platform from a zone as users do: its job, and the last part of its SPIFFE ID. */
export const PROBE = 'probe';

/** Its main file, relative to the program's root. */
export const PROBE_ENTRY = 'services/watch/probe/main.ts';

/** Name of the process of a zone, and of the secret with the password of its account. */
export function probeName(zone: string): string {
  return `${PROBE}-${zone}`;
}

/** How much of an interval a zone's probe is later than that of the first, so that they do not ask at once. */
export function probePhase(zones: readonly { readonly name: string }[], zone: string): number {
  const place = zones.findIndex(({ name }) => name === zone);
  return Math.round((1_000 * place) / zones.length) / 1_000;
}

/** All that a probe is bound to: the edge, and no service or engine behind it. */
export function probeBinding(properties: BindingProperties<'edge'>): {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
} {
  return { name: EDGE_BINDING, properties: binding('edge', properties) };
}
