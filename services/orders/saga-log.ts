import { LOG_LINES } from '@meridian/language/log-lines.ts';
import type { SagaLine } from '@meridian/language/log-lines.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Decision } from './saga/decide.ts';
import { PHASES } from './saga/phases.ts';
import type { StoredOrder } from './stored-order.ts';

/** Tells of each decision of a saga in a line, by which a purchase is found among all others. */
export function sagaLog(log: Logger): (order: StoredOrder, decision: Decision) => void {
  return (order, decision) => log.info(sagaLine(order, decision), LOG_LINES.sagaWentOn);
}

/** What the line says: names of ours, without the words of anybody else, such as a provider's reason. */
export function sagaLine(
  { saga: { orderId, phase } }: Pick<StoredOrder, 'saga'>,
  { asked, settled }: Pick<Decision, 'asked' | 'settled'>,
): SagaLine {
  const asks = asked.map(({ sequence, kind }) => `${sequence} ${kind}`);
  const ends = settled.map(({ sequence, kind, status, outcome }) =>
    [sequence, kind, status === 'DROPPED' ? status : outcome.replace(/:.*/s, '')].join(' '),
  );
  return {
    ...{ order_id: orderId, phase, status: PHASES[phase].status },
    ...(asks.length === 0 ? {} : { asked: asks.join(', ') }),
    ...(ends.length === 0 ? {} : { settled: ends.join(', ') }),
  };
}
