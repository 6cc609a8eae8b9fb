import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';

/** What a member is, as far as it is looked at before anything is compared. */
type Shape = 'list' | 'object' | 'text' | 'number';

const PLATFORM: Readonly<Record<keyof DeclaredPlatform, Shape>> = {
  graph: 'object',
  contracts: 'object',
  access: 'object',
  alerts: 'list',
  emits: 'object',
  positions: 'object',
};

const GRAPH: Readonly<Record<keyof LandedGraph, Shape>> = {
  name: 'text',
  trustDomain: 'text',
  namespace: 'text',
  zones: 'list',
  databasePool: 'number',
  services: 'list',
  tasks: 'list',
  calls: 'list',
  topics: 'list',
  externals: 'list',
  allow: 'object',
  entries: 'object',
  declared: 'object',
};

/**
 * Whether a program has written all that it declares. It wrote that itself, and a change may have it write anything: what is
 * wrong further down ends the comparison by an error, and so the review, which is never green then.
 */
export function isDeclaredPlatform(written: unknown): written is DeclaredPlatform {
  return hasAll(written, PLATFORM) && hasAll(written.graph, GRAPH);
}

function hasAll<Members extends Readonly<Record<string, Shape>>>(
  value: unknown,
  members: Members,
): value is Readonly<Record<keyof Members, unknown>> {
  if (shapeOf(value) !== 'object') return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(members).every(
    ([member, shape]) => Object.hasOwn(fields, member) && shapeOf(fields[member]) === shape,
  );
}

function shapeOf(value: unknown): Shape | undefined {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object' && value !== null) return 'object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : undefined;
}
