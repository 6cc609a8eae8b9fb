import { isIPv6 } from 'node:net';
import { ADDRESSES_SCHEME, TELEMETRY_BINDING } from '@meridian/language/bindings.ts';
import type { Bindings } from '../../bindings.ts';
import { LiveFile } from '../../live-file.ts';
import { targetOf } from '../../live-targets.ts';
import { parseAddressList } from '../../rpc/address-list.ts';
import type { Logger } from '../logger.ts';

/** Where the collector of telemetry is, which may change, come and go. */
export interface CollectorAddress {
  readonly spiffeId: string;
  /** As host:port; undefined while there is none. */
  readonly current: string | undefined;
  close(): void;
}

/** What it is read with. */
export interface CollectorAddressParts {
  readonly bindings: Bindings;
  readonly log: Logger;
  /** Told of each address after the first. */
  readonly changed: (address: string | undefined) => void;
}

/**
 * The address in the binding to the collector; undefined for a process without such a binding. Throws a
 * CodedError for one that is not complete.
 */
export function openCollectorAddress({
  bindings,
  log,
  changed,
}: CollectorAddressParts): CollectorAddress | undefined {
  if (!bindings.has(TELEMETRY_BINDING)) return undefined;
  const binding = bindings.get(TELEMETRY_BINDING, 'otlp');
  const spiffeId = binding.property('spiffe-id');
  const target = targetOf(binding.property('uri'), bindings.root);
  const list = `${ADDRESSES_SCHEME}:`;
  if (!target.startsWith(list)) {
    return { spiffeId, current: target.replace(/^dns:\/\/\//, ''), close: () => undefined };
  }
  const file = new LiveFile<string | undefined>(target.slice(list.length), {
    initial: undefined,
    parse: (text = '') => firstOf(text),
    changed,
    failed: (err) => log.warn({ err }, "the collector's address was not taken over"),
  });
  return {
    spiffeId,
    get current() {
      return file.current;
    },
    close: () => file.close(),
  };
}

function firstOf(text: string): string | undefined {
  const [first] = parseAddressList(text);
  if (first === undefined) return undefined;
  return `${isIPv6(first.host) ? `[${first.host}]` : first.host}:${first.port}`;
}
