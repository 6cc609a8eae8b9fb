import type { PlatformGraph } from '../../model/graph.ts';
import { serverUsers } from '../redis-grants.ts';
import { DEFAULT_USER } from './names.ts';

/** A user of ElastiCache. */
export interface AwsRedisUser {
  readonly name: string;
  /** By which the account knows it: there is one set of ids for all groups of a region. */
  readonly id: string;
  /** In the words of `ACL SETUSER`, as on every landing. */
  readonly accessString: string;
}

/**
 * Everybody whom the server of a graph knows, and the user that Redis takes a client for who says no name: a group without one
 * has AWS's, who may do everything with no password. Ours is off.
 * Source: Amazon ElastiCache User Guide, "Role-Based Access Control (RBAC)"; terraform-provider-aws issue 25593
 */
export function awsRedisUsers(graph: PlatformGraph, environment: string): readonly AwsRedisUser[] {
  const id = (name: string): string => `${graph.name}-${environment}-${name}`;
  return [
    { name: DEFAULT_USER, id: id(DEFAULT_USER), accessString: 'off resetchannels -@all' },
    ...serverUsers(graph).map(({ name, rules }) => ({
      name,
      id: id(name),
      accessString: ['on', ...keysOf(rules), 'resetchannels', ...commandsOf(rules)].join(' '),
    })),
  ];
}

/** Patterns of keys come first where ElastiCache writes an access string down, so that what is read is what was given. */
const isOfKeys = (rule: string): boolean => rule.startsWith('~');

const keysOf = (rules: readonly string[]): readonly string[] => rules.filter(isOfKeys);

const commandsOf = (rules: readonly string[]): readonly string[] =>
  rules.filter((rule) => !isOfKeys(rule));
