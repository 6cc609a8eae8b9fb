import { z } from 'zod';
import type { EffectRow } from './row.ts';

const STATUSES = {
  EFFECT_STATUS_DUE: 'DUE',
  EFFECT_STATUS_DONE: 'DONE',
  EFFECT_STATUS_DROPPED: 'DROPPED',
} as const;

/** The answer of ListOrderEffects in the JSON form of protobuf, which leaves defaults out. */
const answer = z
  .object({
    effects: z
      .array(
        z.object({
          sequence: z.coerce.number(),
          kind: z.string(),
          status: z
            .enum(['EFFECT_STATUS_DUE', 'EFFECT_STATUS_DONE', 'EFFECT_STATUS_DROPPED'])
            .transform((name) => STATUSES[name]),
          idempotencyKey: z.string().default(''),
          attempts: z.number().default(0),
          orderVersion: z.coerce.number(),
          createTime: z.string(),
          doneTime: z.string().optional(),
          outcome: z.string().default(''),
        }),
      )
      .default([]),
  })
  .nullable();

/** What each effect asks for is done by this service. */
const SERVICE_OF: Readonly<Record<string, string>> = {
  RESERVE_STOCK: 'catalog',
  COMMIT_RESERVATION: 'catalog',
  RELEASE_RESERVATION: 'catalog',
  AUTHORIZE_PAYMENT: 'payments',
  CAPTURE_PAYMENT: 'payments',
  VOID_PAYMENT: 'payments',
  REFUND_PAYMENT: 'payments',
};

/** The effects of what the task `order-story` printed; undefined for an order that there is not. */
export function effectRows(printed: string): readonly EffectRow[] | undefined {
  return answer
    .parse(JSON.parse(printed))
    ?.effects.map(({ kind, status, createTime, doneTime, ...effect }): EffectRow => {
      const name = kind.replace(/^EFFECT_KIND_/, '');
      return {
        ...effect,
        kind: 'effect',
        effect: name,
        service: SERVICE_OF[name] ?? 'orders',
        status,
        time: createTime,
        ...(doneTime === undefined ? {} : { doneTime }),
      };
    });
}
