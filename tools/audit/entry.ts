import { z } from 'zod';

const KINDS = {
  ENTRY_KIND_EVENT: 'event',
  ENTRY_KIND_BASELINE: 'baseline',
  ENTRY_KIND_UNREADABLE: 'unreadable',
} as const;

/** An entry in the JSON form of protobuf, which leaves defaults out. */
const entry = z.object({
  index: z.coerce.number().default(0),
  kind: z
    .enum(['ENTRY_KIND_EVENT', 'ENTRY_KIND_BASELINE', 'ENTRY_KIND_UNREADABLE'])
    .transform((name) => KINDS[name]),
  eventId: z.string(),
  source: z.string(),
  type: z.string().default(''),
  subject: z.string().default(''),
  version: z.coerce.number().optional(),
  eventTime: z.string(),
  causationId: z.string().optional(),
  correlationId: z.string().default(''),
  data: z.string().default(''),
  dataJson: z.string().default(''),
  leafHash: z.string(),
  archived: z.boolean().default(false),
});

/** One change, as the trail has it; `data` and `leafHash` are Base64. */
export type Entry = z.infer<typeof entry>;

/** The entries that the task `audit-reading` printed. */
export const entries = z.array(entry);

/** The same of one that there may not be. */
export const maybeEntry = entry.nullable();

/** The service that told of it: the last part of its SPIFFE ID; of what the log says of itself, audit. */
export function serviceOf({ source }: Pick<Entry, 'source'>): string {
  if (source.startsWith('log:')) return 'audit';
  return source.slice(source.lastIndexOf('/') + 1);
}

/** The name of the event without its package, such as `OrderPlaced`; of what cannot be read, that. */
export function eventOf({ type, kind }: Pick<Entry, 'type' | 'kind'>): string {
  return type === '' || kind === 'unreadable' ? kind : type.slice(type.lastIndexOf('.') + 1);
}

/** The state that an entry tells; undefined where no contract can read its data. */
export function stateOf({ dataJson }: Pick<Entry, 'dataJson'>): unknown {
  return dataJson === '' ? undefined : (JSON.parse(dataJson) as unknown);
}
